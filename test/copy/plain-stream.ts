import type { Context } from '../../src/poll/context.ts';
import { PENDING } from '../../src/poll/pending.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';

/** A stream of which a test overrides what it is about: it never has anything to read, and takes everything. */
export function plainStream(overrides: Partial<PollStream> = {}): PollStream {
  return {
    pollRead: waiting,
    pollWrite: (_cx, _bytes, start, end) => end - start,
    pollFlush: () => 0,
    pollShutdown: () => 0,
    ...overrides,
  };
}

/** A poll that waits for what never comes. */
export function waiting(cx: Context): number {
  cx.register();
  return PENDING;
}

/** A reader that always has `n` bytes more. */
export const endless = (_cx: Context, _bytes: Uint8Array, start: number, end: number): number => end - start;
