import type { PollStream } from '../../src/poll/poll-stream.ts';
import { CheckError } from './check-error.ts';
import { showValue } from './show-value.ts';

const METHODS = ['pollRead', 'pollWrite', 'pollFlush', 'pollShutdown'] as const;

/** What a factory has returned, as a polled stream. Throws CHECK_NOT_A_STREAM. */
export function asPollStream(made: unknown): PollStream {
  if (isPollStream(made)) return made;
  const missing =
    typeof made === 'object' && made !== null ? METHODS.filter((method) => !hasMethod(made, method)).join(', ') : '';
  throw new CheckError(
    'CHECK_NOT_A_STREAM',
    `The factory returned no stream: expected one with ${METHODS.join(', ')}, got ${showValue(made)}${missing === '' ? '' : `, which lacks ${missing}`}`,
  );
}

function isPollStream(made: unknown): made is PollStream {
  return typeof made === 'object' && made !== null && METHODS.every((method) => hasMethod(made, method));
}

function hasMethod(made: object, method: string): boolean {
  return typeof (made as Record<string, unknown>)[method] === 'function';
}
