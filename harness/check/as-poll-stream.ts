import type { Duplex } from 'node:stream';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { CheckError } from './check-error.ts';
import { DrivenDuplex } from './kinds/driven-duplex.ts';
import { DrivenWebStreams, type WebStreamPair } from './kinds/driven-web-streams.ts';
import { showValue } from './show-value.ts';

const POLLS = ['pollRead', 'pollWrite', 'pollFlush', 'pollShutdown'] as const;
const DUPLEX = ['write', 'end', 'on', 'pause', 'resume'] as const;

/**
 * What a factory has returned, as a polled stream. Throws CHECK_NOT_A_STREAM.
 *
 * @param flows whether a Duplex is read by 'data' and `pause()`, and not by `read()`.
 */
export function asPollStream(made: unknown, flows = false): PollStream {
  // What it has is what is asked for.
  if (hasMethods(made, POLLS)) return made as PollStream;
  // A stream of Node's first kind has no read().
  if (hasMethods(made, DUPLEX)) return new DrivenDuplex(made as Duplex, flows || !hasMethods(made, ['read']));
  if (isWebStreamPair(made)) return new DrivenWebStreams(made);
  const missing =
    typeof made === 'object' && made !== null ? POLLS.filter((method) => !hasMethods(made, [method])).join(', ') : '';
  throw new CheckError(
    'CHECK_NOT_A_STREAM',
    `The factory returned no stream: expected a Duplex, { readable, writable }, or one with ${POLLS.join(', ')}, got ${showValue(made)}${missing === '' ? '' : `, which lacks ${missing}`}`,
  );
}

function isWebStreamPair(made: unknown): made is WebStreamPair {
  if (typeof made !== 'object' || made === null) return false;
  const { readable, writable } = made as Partial<WebStreamPair>;
  return hasMethods(readable, ['getReader']) && hasMethods(writable, ['getWriter']);
}

function hasMethods(made: unknown, names: readonly string[]): boolean {
  if (typeof made !== 'object' || made === null) return false;
  return names.every((name) => typeof (made as Record<string, unknown>)[name] === 'function');
}
