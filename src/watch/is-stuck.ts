import type { Verdict, VerdictOutcome } from '../trace/trace-note.ts';

const STUCK: ReadonlySet<VerdictOutcome> = new Set(['spinning', 'livelocked', 'parked', 'starved', 'blocked']);

/** Whether a verdict says that something does not go on by itself. */
export function isStuck({ outcome }: Verdict): boolean {
  return STUCK.has(outcome);
}
