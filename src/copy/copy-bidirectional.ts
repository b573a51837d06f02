import { InvariantError } from '../errors.ts';
import { systemClock, type Clock } from '../poll/clock.ts';
import type { PollStream } from '../poll/poll-stream.ts';
import { Task } from '../poll/task.ts';
import { BidirectionalCopy, type BidirectionalCopyOptions } from './bidirectional-copy.ts';
import { CopyError, type CopyCounts } from './copy-error.ts';
import { describe } from './copy-failures.ts';
import { keepCopyRecord, type CopyRecord } from './copy-record.ts';
import { HalfCloseTimer } from './half-close-timer.ts';

export interface CopyBidirectionalOptions extends BidirectionalCopyOptions {
  /** Ends the copy: both streams are aborted, and it fails with ABORTED. */
  readonly signal?: AbortSignal;
  /**
   * Once one direction has read its end, fails with HALF_CLOSE_TIMEOUT if no byte moves for so long (at the most twice so
   * long). 1 to 2,147,483,647. Default: waits for as long as it takes.
   */
  readonly halfCloseTimeoutMs?: number;
  readonly clock?: Clock;
}

/**
 * Copies bytes between `a` and `b` in both directions until both have ended, and passes each end on.
 *
 * Resolves to the bytes copied each way. Fails with a `CopyError`, which carries both counts, after aborting both
 * streams with it; it never destroys a stream otherwise: whoever opened one closes it.
 *
 * @example
 * const { aToB, bToA } = await copyBidirectional(fromSocket(inbound), fromSocket(outbound));
 */
export function copyBidirectional(
  a: PollStream,
  b: PollStream,
  options: CopyBidirectionalOptions = {},
): Promise<CopyCounts> {
  const { signal, halfCloseTimeoutMs, clock = systemClock } = options;
  let record: CopyRecord | null = null;
  const result = new Promise<CopyCounts>((resolve, reject) => {
    const copy = new BidirectionalCopy(a, b, wake, options);
    record = copy.record;
    const timer = halfCloseTimeoutMs === undefined ? null : new HalfCloseTimer(copy, halfCloseTimeoutMs, clock, fail);
    const task = new Task(poll);
    let isPolling = false;
    let isSettled = false;
    /** What ended the copy from within a poll: the poll goes on to its end, over streams that are still whole. */
    let failure: Error | null = null;

    function wake(): void {
      task.wake();
    }

    function poll(): boolean {
      isPolling = true;
      let isDone = false;
      try {
        isDone = copy.poll();
      } catch (error) {
        failure ??= error instanceof Error ? error : new Error(describe(error));
      }
      isPolling = false;
      if (failure !== null) fail(failure);
      else if (isDone) {
        settle();
        const { counts } = copy;
        keepCopyRecord(counts, record);
        resolve(counts);
      } else timer?.update();
      return isSettled;
    }

    function fail(reason: Error): void {
      if (isPolling) {
        failure ??= reason;
        return;
      }
      settle();
      keepCopyRecord(reason, record);
      copy.close(reason);
      // Whoever waits is told first: a stream whose abort throws must not keep it from that, nor spare the other.
      reject(reason);
      abortStream(a, reason);
      abortStream(b, reason);
    }

    function settle(): void {
      isSettled = true;
      task.end();
      timer?.stop();
      signal?.removeEventListener('abort', onAbort);
    }

    function onAbort(): void {
      const error = new CopyError('ABORTED', 'Copy aborted by its signal', {}, { cause: signal?.reason });
      error.counts = copy.counts;
      fail(error);
    }

    if (signal?.aborted === true) {
      onAbort();
      return;
    }
    signal?.addEventListener('abort', onAbort);
    task.wake();
  });
  keepCopyRecord(result, record);
  return result;
}

/** The copy has failed already, and with a better reason than that an abort did not work either. */
function abortStream(stream: PollStream, reason: Error): void {
  try {
    stream.abort?.(reason);
  } catch (error) {
    if (error instanceof InvariantError) throw error;
  }
}
