import type { RecordedSoFar } from './recorded.ts';
import { isReady, type ThreadTimes } from './thread-state.ts';

/** A thread had less of the processor than the one, or waited for it longer than the other: it is starved. */
const STARVED_CPU = 0.1;
const STARVED_SHARE = 0.5;

/** What was known of a thread at one moment. */
export interface Sample {
  readonly atMs: number;
  readonly times: ThreadTimes | null;
  readonly recorded: RecordedSoFar | null;
}

/** Share of a processor that the thread has used between two looks. */
export function cpuBetween(start: Sample, end: Sample): number | null {
  if (start.times === null || end.times === null) return null;
  const elapsedMs = Math.max(1, end.atMs - start.atMs);
  return Math.min(1, Math.max(0, (end.times.cpuMs - start.times.cpuMs) / elapsedMs));
}

/**
 * Whether a thread would run, had it a processor: it waits for one by the kernel's own count, or is ready and has used
 * none (a virtual machine may have been robbed of the one that it is on).
 *
 * @param tid as the kernel numbers it.
 */
export function isStarved(
  { start, middle, end }: Readonly<Record<'start' | 'middle' | 'end', Sample>>,
  tid: number,
): boolean {
  if (start.times === null || end.times === null) return false;
  if ((cpuBetween(middle, end) ?? 1) >= STARVED_CPU) return false;
  const waitedMs = end.times.waitedMs - start.times.waitedMs;
  return waitedMs / Math.max(1, end.atMs - start.atMs) > STARVED_SHARE || isReady(tid);
}

/** Whether it has had so much of a processor. What a busy machine does not let it do in time is no loop. True if unknown. */
export function hasWorked(start: Sample, end: Sample, leastMs: number): boolean {
  return start.times === null || end.times === null || end.times.cpuMs - start.times.cpuMs >= leastMs;
}
