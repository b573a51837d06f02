/** What `bench runs` measures, each in processes of its own. */
export const RUNS_VARIANTS = ['bare', 'traced', 'untraced'] as const;
export type RunsVariant = (typeof RUNS_VARIANTS)[number];

export function isRunsVariant(name: string | undefined): name is RunsVariant {
  return RUNS_VARIANTS.some((one) => one === name);
}

/** What a process tells of its variant. */
export interface RunsMeasurement {
  /** Of one run, in the fastest of many short batches: whatever else a machine does only adds. */
  readonly ns: number;
  /** Bytes of heap that one run took, the median of a few long batches. */
  readonly heapBytes: number;
}
