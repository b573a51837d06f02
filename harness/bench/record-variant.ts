/**
 * What `bench record` measures, each in processes of its own: V8 compiles a call site for what it has seen there, and
 * one that has seen a recorder is no longer one that is switched off.
 */
export const RECORD_VARIANTS = [
  'empty',
  'registerOff',
  'registerOn',
  /** The engine without its call sites: they are cut out of its source while it is loaded. */
  'engineCut',
  'engineOff',
  'engineOn',
  'stuckOff',
  'stuckOn',
  'poll',
  'idlePoll',
  'mark',
  'console',
  'pino',
] as const;
export type RecordVariant = (typeof RECORD_VARIANTS)[number];

export function isRecordVariant(name: string | undefined): name is RecordVariant {
  return RECORD_VARIANTS.some((one) => one === name);
}

/** What a process tells of its variant. */
export interface RecordMeasurement {
  /** Nanoseconds for one operation, in the fastest of many short batches: whatever else a machine does only adds. */
  readonly ns: number;
  /** Bytes of heap that one operation took, the median of a few long runs. */
  readonly heapBytes: number;
}
