import { readFileSync } from 'node:fs';

/** The most memory that this process has had. Of this program alone where the system tells; what getrusage says includes the parent's, from before the start. */
export function peakBytes(): number {
  try {
    const kibibytes = /VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kibibytes !== undefined) return Number(kibibytes) * 1024;
  } catch {
    // No Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}
