/**
 * What differs between the copy loops, as data. The engine (transfer.ts) reads these fields and knows no release.
 *
 * A release begins a family and differs from the one before only in the fields named here; a further tokio release is
 * a further row. Measured on real releases: fixtures/tokio/ holds the calls they made.
 */
export interface DialectTraits {
  /** Size of each direction's buffer unless it is set. */
  readonly bufferBytes: number;
  /** `empty`: read only into an empty buffer. `room`: whenever there is room, appending. */
  readonly reads: 'empty' | 'room';
  /** The buffer is reset before each read, so that a reader that places nothing leaves 0/0. */
  readonly resetsBeforeRead: boolean;
  /** The buffer is reset after the writes, whatever they claimed to have taken. */
  readonly resetsAfterWrite: boolean;
  /** When the writer is Pending, one more read is tried into the room that is left. */
  readonly topsUp: boolean;
  /** When the reader is Pending and something was written since, the writer is flushed. */
  readonly flushesWhenIdle: boolean;
  /** When the writer is Pending and something was written since the last flush, it is flushed and asked once more. */
  readonly flushesWhenBlocked: boolean;
  /** A debug build asserts pos <= cap after the writes. */
  readonly hasDebugAssertion: boolean;
  /** Each call of the copy takes a unit of the task's cooperative budget, if it runs as a task. */
  readonly takesBudget: boolean;
  /** The sizes of the two buffers can be set. */
  readonly hasBufferSizes: boolean;
  /** Refuses every count that is no integer in 1 … offered (0 … room for a read), and every other wrong result. */
  readonly checksCounts: boolean;
  /** Takes chunks whole from a source that has them, instead of copying them through the buffer. */
  readonly takesChunks: boolean;
  /** The directions take turns in going first. */
  readonly alternates: boolean;
  /** A poll from within a poll does nothing, and leads to one more after it. A Rust future cannot be polled so at all. */
  readonly defersNestedPolls: boolean;
  /** After so many calls of its streams in one poll a direction wakes itself and yields. */
  readonly callsPerPoll: number;
}

export interface DialectRow extends Partial<DialectTraits> {
  /** The first release of the family. */
  readonly since: string;
}

/** tokio 0.2, where the function appeared. */
const FIRST: DialectTraits = {
  bufferBytes: 2048,
  reads: 'empty',
  resetsBeforeRead: false,
  resetsAfterWrite: false,
  topsUp: false,
  flushesWhenIdle: false,
  flushesWhenBlocked: false,
  hasDebugAssertion: false,
  takesBudget: false,
  hasBufferSizes: false,
  checksCounts: false,
  takesChunks: false,
  alternates: false,
  defersNestedPolls: false,
  callsPerPoll: Infinity,
};

/** Oldest first. */
export const TOKIO_FAMILIES: readonly DialectRow[] = [
  { since: '0.2.0' },
  { since: '1.10.0', flushesWhenIdle: true },
  { since: '1.13.0', hasDebugAssertion: true },
  { since: '1.14.0', bufferBytes: 8192 },
  { since: '1.22.0', resetsBeforeRead: true, topsUp: true },
  { since: '1.36.0', takesBudget: true },
  { since: '1.38.0', hasBufferSizes: true },
  { since: '1.39.0', reads: 'room', resetsBeforeRead: false, resetsAfterWrite: true },
];

/** The newest release whose calls were recorded; a later one is taken to be like it. */
export const NEWEST_RECORDED = '1.53.1';

/** Our own, for production. Chosen rather than measured: docs/checked.md says why each. */
export const CHECKED: DialectTraits = {
  ...FIRST,
  bufferBytes: 65536,
  flushesWhenIdle: true,
  flushesWhenBlocked: true,
  hasBufferSizes: true,
  checksCounts: true,
  takesChunks: true,
  alternates: true,
  defersNestedPolls: true,
  callsPerPoll: 128,
};

/** The traits that a family ends up with: its own row over all the earlier ones. */
export function traitsOf(families: readonly DialectRow[], row: DialectRow): DialectTraits {
  const rows = families.slice(0, families.indexOf(row) + 1);
  return Object.assign({}, FIRST, ...rows) as DialectTraits;
}
