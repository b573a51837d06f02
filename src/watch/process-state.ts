import { readFileSync } from 'node:fs';

/** Whether a process is stopped by a signal or a tracer. False where the kernel does not tell. */
export function isSuspended(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name before it may contain anything, parentheses too.
    const state = stat[stat.lastIndexOf(')') + 2] ?? '';
    return state === 'T' || state === 't';
  } catch {
    return false;
  }
}
