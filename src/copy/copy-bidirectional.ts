import { systemClock, type Clock } from '../poll/clock.ts';
import type { PollStream } from '../poll/poll-stream.ts';
import { Task } from '../poll/task.ts';
import { BidirectionalCopy, type BidirectionalCopyOptions } from './bidirectional-copy.ts';
import { CopyError, type CopyCounts } from './copy-error.ts';
import { HalfCloseTimer } from './half-close-timer.ts';

export interface CopyBidirectionalOptions extends BidirectionalCopyOptions {
  /** Ends the copy: both streams are aborted, and it fails with ABORTED. */
  readonly signal?: AbortSignal;
  /** Once one direction is done, fails with HALF_CLOSE_TIMEOUT if the other moves nothing for so long. Default: waits. */
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
  return new Promise((resolve, reject) => {
    const copy = new BidirectionalCopy(
      a,
      b,
      () => {
        task.wake();
      },
      options,
    );
    const { signal, halfCloseTimeoutMs } = options;
    const timer =
      halfCloseTimeoutMs === undefined
        ? null
        : new HalfCloseTimer(copy, halfCloseTimeoutMs, options.clock ?? systemClock, fail);

    function fail(error: unknown): void {
      end();
      const reason = error instanceof Error ? error : new Error(String(error));
      a.abort?.(reason);
      b.abort?.(reason);
      reject(reason);
    }

    function end(): void {
      task.end();
      timer?.stop();
      signal?.removeEventListener('abort', onAbort);
    }

    function onAbort(): void {
      const error = new CopyError('ABORTED', 'Copy aborted by its signal', {}, { cause: signal?.reason });
      error.counts = copy.counts;
      fail(error);
    }

    const task = new Task(() => {
      try {
        if (!copy.poll()) {
          timer?.update();
          return false;
        }
      } catch (error) {
        fail(error);
        return true;
      }
      end();
      resolve(copy.counts);
      return true;
    });

    if (signal?.aborted === true) {
      onAbort();
      return;
    }
    signal?.addEventListener('abort', onAbort);
    task.wake();
  });
}
