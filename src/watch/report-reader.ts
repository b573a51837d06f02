import { VERDICT_OUTCOMES, type Verdict } from '../trace/trace-note.ts';
import type { ReportLine } from './report-lines.ts';

/** A line of a watchdog is far shorter; a child that writes something else is not believed. */
const MAX_LINE_CHARS = 65_536;

/** Takes bytes from a child's pipe, and tells the lines that a watchdog wrote. Anything else is left out. */
export class ReportReader {
  readonly #tell: (line: ReportLine) => void;
  readonly #decoder = new TextDecoder();
  #rest = '';

  constructor(tell: (line: ReportLine) => void) {
    this.#tell = tell;
  }

  read(bytes: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > MAX_LINE_CHARS) this.#rest = '';
    for (const text of lines) {
      const line = parse(text);
      if (line !== null) this.#tell(line);
    }
  }
}

function parse(text: string): ReportLine | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const line = value as Record<string, unknown>;
  const { relayscope, atMs, verdict } = line;
  if ((relayscope === 'alive' || relayscope === 'end') && typeof atMs === 'number') return { relayscope, atMs };
  if (relayscope === 'verdict' && isVerdict(verdict)) return { relayscope, verdict };
  return null;
}

function isVerdict(value: unknown): value is Verdict {
  if (typeof value !== 'object' || value === null) return false;
  const { outcome, message, atMs } = value as Record<string, unknown>;
  return VERDICT_OUTCOMES.some((one) => one === outcome) && typeof message === 'string' && typeof atMs === 'number';
}
