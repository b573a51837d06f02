import type { Finding } from '../../src/diagnose/finding.ts';
import type { Verdict } from '../../src/trace/trace-note.ts';
import { verdictLine } from '../../src/watch/report-lines.ts';
import { findingLine } from '../report/finding-text.ts';
import { statusLine } from '../tap/status-line.ts';
import type { TapEvent } from '../tap/tap-event.ts';
import type { TapSnapshot } from '../tap/tap-status.ts';
import type { Io } from './command.ts';

/** What a terminal understands as: back to the first column, and nothing after it. */
const CLEAR_LINE = '\r\u001b[K';
const DEFAULT_COLUMNS = 80;

/** What a tap tells its person: events on lines of their own, the state on one that is written over; or JSON objects. */
export class TapLog {
  readonly #io: Io;
  readonly #json: boolean;
  readonly #quiet: boolean;
  #status = '';

  constructor(io: Io, { json, quiet }: { readonly json: boolean; readonly quiet: boolean }) {
    this.#io = io;
    this.#json = json;
    this.#quiet = quiet;
  }

  /** Whether anybody wants to know the state every second. */
  get wantsStatus(): boolean {
    return this.#json || (this.#io.stderr.isTTY && !this.#quiet);
  }

  listening(address: string, port: number, where: string, to: string, trace: string | null): void {
    if (this.#json) this.#print({ event: 'listening', address, port, to, trace });
    else
      this.#io.stdout.write(`Listening on ${where}, relaying to ${to}${trace === null ? '' : `, trace in ${trace}`}\n`);
  }

  warn(message: string): void {
    this.#line(`relayscope: warning: ${message}`);
  }

  readonly onEvent = (event: TapEvent): void => {
    const { kind, ...rest } = event;
    if (this.#json) this.#print({ event: kind, ...rest });
    else if (!this.#quiet) this.#line(lineOf(event));
  };

  readonly onVerdict = (verdict: Verdict): void => {
    if (this.#json) this.#print({ event: 'verdict', verdict });
    else if (!this.#quiet) this.#line(verdictLine(verdict));
  };

  /** What the verdict before it comes from. */
  finding(finding: Finding): void {
    if (this.#json) this.#print({ event: 'finding', finding });
    else if (!this.#quiet) this.#line(`#${finding.connection} finding: ${findingLine(finding)}`);
  }

  saved(path: string, bytes: number): void {
    if (this.#json) this.#print({ event: 'saved', path, bytes });
    else this.#line(`Saved: ${path} (${bytes} bytes)`);
  }

  status(snapshot: TapSnapshot): void {
    if (this.#json) {
      this.#print({ event: 'status', ...snapshot });
      return;
    }
    // The last column stays free: some terminals wrap as soon as it is written.
    this.#status = statusLine(snapshot, (this.#io.stderr.columns ?? DEFAULT_COLUMNS) - 1);
    this.#io.stderr.write(`${CLEAR_LINE}${this.#status}`);
  }

  /** Leaves the last state on the screen. */
  end(): void {
    if (this.#status !== '') this.#io.stderr.write('\n');
    this.#status = '';
  }

  #line(text: string): void {
    this.#io.stderr.write(this.#status === '' ? `${text}\n` : `${CLEAR_LINE}${text}\n${this.#status}`);
  }

  #print(record: Record<string, unknown>): void {
    this.#io.stdout.write(`${JSON.stringify({ schema: 1, ...record })}\n`);
  }
}

function lineOf(event: TapEvent): string {
  switch (event.kind) {
    case 'opened':
      return `#${event.connection} ${event.a} -> ${event.b}: opened`;
    case 'refused':
      return `${event.a}: refused: there are ${event.maxConnections} connections already`;
    case 'fault':
      return `#${event.connection} fault at ${event.side}, ${event.half}: ${event.fault}`;
    case 'ended': {
      const { connection, a, b, counts, durationMs, end, message } = event;
      const moved = `a -> b ${counts.aToB}, b -> a ${counts.bToA} bytes in ${(durationMs / 1000).toFixed(3)} s`;
      return `#${connection} ${a} -> ${b}: ${end}: ${message}; ${moved}`;
    }
  }
}
