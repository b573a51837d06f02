import { readdirSync, readFileSync } from 'node:fs';

/** Whether a process is stopped by a signal or a tracer. False where the kernel does not tell. */
export function isSuspended(pid: number): boolean {
  return /^t$/i.test(stateIn(`/proc/${pid}/stat`));
}

/** Whether any thread of a process runs, or would if it got a processor. False where the kernel does not tell. */
export function hasReadyThread(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).some((tid) => stateIn(`/proc/${pid}/task/${tid}/stat`) === 'R');
  } catch {
    return false;
  }
}

/** The state of a process or thread, one letter (proc(5)); empty if it is not known. */
export function stateIn(path: string): string {
  try {
    const stat = readFileSync(path, 'latin1');
    // The name before it may contain anything, parentheses too.
    return stat[stat.lastIndexOf(')') + 2] ?? '';
  } catch {
    return '';
  }
}
