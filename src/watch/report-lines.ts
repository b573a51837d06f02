import { writeSync } from 'node:fs';
import { printable } from '../printable.ts';
import type { Verdict } from '../trace/trace-note.ts';

/**
 * What a watchdog says over a pipe to whoever supervises the whole process, one JSON object a line: `alive` about ten
 * times a second, `verdict` when there is one, `end` when the program ends by itself.
 */
export type ReportLine =
  | { readonly relayscope: 'alive'; readonly atMs: number }
  | { readonly relayscope: 'verdict'; readonly verdict: Verdict }
  | { readonly relayscope: 'end'; readonly atMs: number };

export const ALIVE_INTERVAL_MS = 100;

/** Writes a line at once, whatever the main thread does. One that the reader does not take is dropped. */
export function writeLine(fd: number, line: string): void {
  try {
    writeSync(fd, `${line}\n`);
  } catch {
    // A closed or full pipe: nobody listens, and the trace has it all the same.
  }
}

const MAX_MESSAGE_CHARS = 1000;

/** `relayscope: spinning: …`, one line for a person. It names functions and files, which may be called anything. */
export function verdictLine({ outcome, message }: Verdict): string {
  return `relayscope: ${outcome}: ${printable(message, MAX_MESSAGE_CHARS)}`;
}

/** Where a supervisor tells its child which file descriptor to write to. */
export const REPORT_VARIABLES = { fd: 'RELAYSCOPE_REPORT_FD' } as const;

/** The file descriptor that a supervisor gave this process, taken out of the environment: it is not its children's. */
export function takeReportFd(env: NodeJS.ProcessEnv): number | null {
  const text = env[REPORT_VARIABLES.fd];
  delete env[REPORT_VARIABLES.fd];
  return text !== undefined && /^\d{1,5}$/.test(text) && Number(text) > 2 ? Number(text) : null;
}
