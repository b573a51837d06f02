import type { PollStream } from '../../../src/poll/poll-stream.ts';

/** Two streams joined by a transport. */
export interface StreamPair {
  readonly a: PollStream;
  readonly b: PollStream;
  /** Resolves when nothing of the transport is left: sockets, servers. */
  readonly closed: Promise<unknown>;
}

export type MakePair = () => Promise<StreamPair>;

/** What a kind of pair carries over; what it does not is a row of docs/streams.md. */
export interface Carries {
  /** After the shutdown of one end, the other direction goes on. */
  readonly halfClose: boolean;
  /** An abort arrives at the other end as an error, when it was made at `a`, at `b`. */
  readonly abort: { readonly a: boolean; readonly b: boolean };
  /** How many bytes may be written while the other end does not read; null where the reading end cannot hold back. */
  readonly bytesUnread: { readonly aToB: number | null; readonly bToA: number | null };
}
