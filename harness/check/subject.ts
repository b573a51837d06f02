import type { PollStream } from '../../src/poll/poll-stream.ts';
import type { NotApplicable } from './not-applicable.ts';
import type { StreamCase } from './stream-case.ts';

/** What is checked: makes a fresh stream, on a fresh inner side, for each case. One for each kind of inner side. */
export interface Subject {
  /** Whether a direction can end while the other goes on. */
  readonly carriesHalfClose: boolean;
  /** How much more than the inner side's own capacity may lie between a write and the far end, and the other way. */
  readonly maxBufferedBytes: number;
  /** The laws that cannot be asked of what the factory makes, as far as it has made something. */
  readonly notApplicable: readonly NotApplicable[];
  open(streamCase: StreamCase): Promise<OpenSubject>;
}

/** The stream of one case, and the far end of its inner side. */
export interface OpenSubject {
  /** As the factory made it, as a polled stream. Nobody checks it on its way yet. */
  readonly near: PollStream;
  /** A known-right stream at the other end. */
  readonly far: PollStream;
  /** How much may lie in each direction beneath the stream, in bytes of the inner side. */
  readonly capacityBytes: number;
  /** Delivers wakes and lets the event loop turn, until nothing moves any more beneath the stream. */
  settle(): Promise<void>;
  /**
   * Lets time pass until a timer of the stream's own has gone off, where it has set any. False: it has not, or its time is
   * not waited for, and what has not come by now will not come.
   */
  wait?(): Promise<boolean>;
  /** How long that was, in all. */
  readonly waitedMs?: number;
  /** Whether what is under way is brought through before the inner side fails, and the news of that afterwards: what is told
   * by events cannot be known within a call. */
  readonly failsWhenSettled?: boolean;
  /** Fails the inner side both ways, so that the stream can see it. */
  fail(reason: Error): void;
  /** What the inner side has seen of a poll within a poll, as a sentence; null: nothing. */
  readonly misuse: string | null;
  /** When the case is over: frees what it has taken. */
  close(): Promise<void>;
}
