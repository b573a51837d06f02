import type { Recorder } from '../trace/recorder.ts';

/** Where a copy is recorded. */
export interface CopyRecord {
  readonly recorder: Recorder;
  /** Its number in the recorder's trace. */
  readonly connection: number;
  readonly dialect: string;
}

/** By what a copy gives back: its promise, its counts, its error. */
const records = new WeakMap<object, CopyRecord>();

/** Remembers where the copy that gives this back is recorded; nothing of one that is not. */
export function keepCopyRecord(given: object, record: CopyRecord | null): void {
  if (record !== null) records.set(given, record);
}

/** Where the copy is recorded that has given this back: the promise of `copyBidirectional`, what it resolves to, or its error. */
export function copyRecordOf(given: object): CopyRecord | null {
  return records.get(given) ?? null;
}
