import { inspect } from 'node:util';
import type { Direction } from '../poll/direction.ts';
import { CopyError, type CopyErrorDetails } from './copy-error.ts';

/** One function for each way in which the loop of a direction gives up. */

export function streamFailed(
  direction: Direction,
  operation: NonNullable<CopyErrorDetails['operation']>,
  cause: unknown,
): CopyError {
  const reason = cause instanceof Error ? cause.message : describe(cause);
  return new CopyError(
    'STREAM_FAILED',
    `Stream failed in ${direction}, ${operation}: ${reason}`,
    { direction, operation },
    { cause },
  );
}

export function writeZero(direction: Direction, offered: number): CopyError {
  return new CopyError('WRITE_ZERO', `Write zero byte into writer in ${direction}: ${offered} bytes were offered`, {
    direction,
    operation: 'write',
    offered,
    reported: 0,
  });
}

export function writeCountInvalid(direction: Direction, reported: unknown, offered: number, before: number): CopyError {
  return new CopyError(
    'WRITE_COUNT_INVALID',
    `Wrong count from the writer in ${direction}: expected an integer in 1..${offered}, got ${describe(reported)}; ` +
      `nothing was lost before it, by the counts: ${before} bytes reported as written`,
    { direction, operation: 'write', offered, reported },
  );
}

export function readCountInvalid(direction: Direction, reported: unknown, offered: number): CopyError {
  return new CopyError(
    'READ_COUNT_INVALID',
    `Wrong count from the reader in ${direction}: expected an integer in 0..${offered}, got ${describe(reported)}`,
    { direction, operation: 'read', offered, reported },
  );
}

/** The words of tokio's own assertion, so that whoever searches for them arrives here. */
export function assertionFailed(direction: Direction, pos: number, cap: number): CopyError {
  return new CopyError(
    'ASSERTION_FAILED',
    `writer returned length larger than input slice in ${direction}: pos ${pos}, cap ${cap}`,
    { direction },
  );
}

export function spinning(direction: Direction, iterations: number): CopyError {
  return new CopyError(
    'SPINNING',
    `Spinning in ${direction}: an iteration did no I/O and changed nothing: ${iterations} in a row`,
    { direction },
  );
}

export function iterationLimit(direction: Direction, iterations: number): CopyError {
  return new CopyError(
    'ITERATION_LIMIT',
    `Iteration limit reached in ${direction}: ${iterations} iterations in one poll`,
    {
      direction,
    },
  );
}

export function resultInvalid(direction: Direction, operation: 'flush' | 'shutdown', reported: unknown): CopyError {
  return new CopyError(
    'RESULT_INVALID',
    `Wrong result of the ${operation} in ${direction}: expected 0 or PENDING, got ${describe(reported)}`,
    { direction, operation, reported },
  );
}

/** Any value on one line, bounded: a stream may return, or throw, what has no text of its own. */
export function describe(value: unknown): string {
  return inspect(value, { depth: 0, maxStringLength: 80, breakLength: Infinity }).replaceAll('\n', ' ');
}
