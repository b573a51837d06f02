import type { PollStream } from '../../src/poll/poll-stream.ts';
import type { StreamCase } from './stream-case.ts';

/** What is checked: makes a fresh stream, on a fresh inner side, for each case. One for each kind of inner side. */
export interface Subject {
  /** Whether a direction can end while the other goes on. */
  readonly carriesHalfClose: boolean;
  /** How much more than the inner side's own capacity may lie between a write and the far end, and the other way. */
  readonly maxBufferedBytes: number;
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
  /** Fails the inner side both ways, so that the stream can see it. */
  fail(reason: Error): void;
  /** What the inner side has seen of a poll within a poll, as a sentence; null: nothing. */
  readonly misuse: string | null;
  /** When the case is over: frees what it has taken. */
  close(): Promise<void>;
}
