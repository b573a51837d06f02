/** Loaded before a command that is measured: when it exits, it writes the most memory it has had, in bytes, to fd 3. */
import { readFileSync, writeSync } from 'node:fs';

process.on('exit', () => {
  writeSync(3, String(peakBytes()));
});

/** Of this program alone where the system tells; what getrusage says includes the parent's, from before the start. */
function peakBytes(): number {
  try {
    const kibibytes = /VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kibibytes !== undefined) return Number(kibibytes) * 1024;
  } catch {
    // No Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}
