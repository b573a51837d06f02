import { BidirectionalCopy, type BidirectionalCopyOptions } from '../../src/copy/bidirectional-copy.ts';
import { CopyError, type CopyCounts } from '../../src/copy/copy-error.ts';
import { keepCopyRecord } from '../../src/copy/copy-record.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';

/** How a copy in memory ended. */
export type RunOutcome =
  | { readonly kind: 'completed' }
  | { readonly kind: 'failed'; readonly error: CopyError }
  /** A loop came round to the same state without I/O. */
  | { readonly kind: 'spinning'; readonly error: CopyError }
  /** Pending, and nothing in this world is left that could wake it. */
  | { readonly kind: 'parked' }
  /** A limit was reached first. */
  | { readonly kind: 'unfinished' };

export interface CopyRun {
  readonly outcome: RunOutcome;
  readonly counts: CopyCounts;
  readonly polls: number;
}

export interface RunCopyOptions extends BidirectionalCopyOptions {
  /** Called before each poll with its number, from 1. */
  readonly onPoll?: (poll: number) => void;
  /** After so many polls the run is `unfinished`. Default: 100,000. */
  readonly maxPolls?: number;
}

/**
 * Runs a copy to its end in memory, polled by hand: again only if something woke it. A wake counts for one poll.
 * No clock and no event loop: a hang is not a time-out here but the fact that nobody woke it.
 */
export function runCopy(a: PollStream, b: PollStream, options: RunCopyOptions = {}): CopyRun {
  let woken = false;
  const limits = { idleIterations: 1, ...options.limits };
  const copy = new BidirectionalCopy(
    a,
    b,
    () => {
      woken = true;
    },
    { ...options, limits },
  );
  const maxPolls = options.maxPolls ?? 100_000;
  const end = (outcome: RunOutcome, polls: number): CopyRun => {
    const run = { outcome, counts: copy.counts, polls };
    keepCopyRecord(run, copy.record);
    return run;
  };
  for (let polls = 1; polls <= maxPolls; polls += 1) {
    options.onPoll?.(polls);
    woken = false;
    try {
      if (copy.poll()) return end({ kind: 'completed' }, polls);
    } catch (error) {
      if (!(error instanceof CopyError)) throw error;
      return end(outcomeOf(error), polls);
    }
    if (!wasWoken()) return end({ kind: 'parked' }, polls);
  }
  return end({ kind: 'unfinished' }, maxPolls);

  // A function, since the compiler does not see that a poll may set the flag.
  function wasWoken(): boolean {
    return woken;
  }
}

function outcomeOf(error: CopyError): RunOutcome {
  if (error.code === 'SPINNING') return { kind: 'spinning', error };
  return error.code === 'ITERATION_LIMIT' ? { kind: 'unfinished' } : { kind: 'failed', error };
}
