/**
 * What a stream must keep of the contract (src/poll/poll-stream.ts), by name:
 * - `counts`: a count is an integer in its range, a flush and a shutdown return 0 or PENDING, and nothing is thrown without cause;
 * - `wakers`: PENDING only after `register()` in that call; who waits is woken when it becomes worth polling, both halves
 *   at once, the latest waker of each; and not without end for nothing;
 * - `end`: 0 after the last byte, only there, and again; a failure is no end;
 * - `flush`: done only when all that was taken has been passed on, and then done;
 * - `shutdown`: flushes first, tells the far end, can be repeated, leaves the other half alone; a write after it fails;
 * - `re-entrancy`: all of this also when a wake comes from inside a poll; no poll within a poll;
 * - `back-pressure`: writing to who does not read becomes PENDING within a bound, and goes on once it is read;
 * - `conservation`: bytes arrive once, in order, unchanged; what is borrowed is not kept, nor anything written outside the window.
 */
export const STREAM_LAWS = [
  'counts',
  'wakers',
  'end',
  'flush',
  'shutdown',
  're-entrancy',
  'back-pressure',
  'conservation',
] as const;

export type StreamLaw = (typeof STREAM_LAWS)[number];
