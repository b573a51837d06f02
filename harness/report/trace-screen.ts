import type { TraceEvent } from '../../src/trace/trace-event.ts';
import type { ConnectionNote } from '../../src/trace/trace-note.ts';
import type { Finding } from '../../src/diagnose/finding.ts';
import type { Loop } from './cycle-tracker.ts';
import { eventText } from './event-text.ts';
import { EventLines } from './event-lines.ts';
import { counted, dateTime, duration, thousands } from './format-number.ts';
import type { Inspection } from './inspect-trace.ts';
import type { TraceInput } from './open-input.ts';
import type { Page } from './page.ts';
import { printable } from '../../src/printable.ts';
import { shellWord } from './shell-word.ts';
import { showStack } from './show-stack.ts';
import { pointedAt } from './trace-glance.ts';
import type { DirectionTotals } from './trace-totals.ts';
import { verdictText } from './verdict-text.ts';

/** So much of each stands on the first screen; the rest is said in a number. */
const SHOWN_CONNECTIONS = 6;
const SHOWN_WARNINGS = 3;
const SHOWN_FINDINGS = 3;
const SHOWN_ROUND = 12;
const SHOWN_SOCKETS = 4;
const LOOP_INDENT = ' '.repeat(5);

/** The first screen: what a trace is, how it ended, what led to it, and what to type next. */
export class TraceScreen {
  readonly #page: Page;
  readonly #input: TraceInput;
  readonly #found: Inspection;
  readonly #findings: readonly Finding[];

  constructor(page: Page, input: TraceInput, found: Inspection, findings: readonly Finding[]) {
    this.#page = page;
    this.#input = input;
    this.#found = found;
    this.#findings = findings;
  }

  show(): void {
    this.#header();
    this.#connections();
    this.#outcome();
    this.#steps();
    this.#stack();
    this.#sockets();
    this.#troubles();
    this.#next();
  }

  #header(): void {
    const { notes, totals } = this.#found;
    const { about } = notes;
    this.#page.line(this.#page.paint('bold', this.#input.name));
    if (about.title !== undefined) this.#row('what', printable(about.title));
    const by = [about.writer, about.runtime, about.platform, about.pid === undefined ? undefined : `pid ${about.pid}`];
    const known = by.filter((part) => part !== undefined).map((part) => printable(part));
    if (known.length > 0) this.#row('by', known.join(', '));
    const began = about.startedAt ?? dateTime(about.startedAtMs);
    if (began !== undefined) this.#row('began', printable(began));
    if (about.dialect !== undefined) this.#row('dialect', printable(about.dialect));
    const { imported } = this.#input;
    if (imported !== null) {
      this.#row('text', `${counted(imported.lines, 'line')} read, ${thousands(imported.recognised)} recognised`);
    }
    const kinds = Object.entries(totals.kinds()).map(([kind, count]) => `${thousands(count)} ${kind}`);
    const span =
      totals.lastTickMs > totals.firstTickMs ? ` over ${duration(totals.lastTickMs - totals.firstTickMs)}` : '';
    this.#row('events', `${thousands(totals.events)}${span}${kinds.length > 0 ? `: ${kinds.join(', ')}` : ''}`);
    const { count, bytes } = notes.payloads;
    if (count > 0) this.#row('payload', `${counted(bytes, 'byte')} in ${counted(count, 'piece')}`);
  }

  #connections(): void {
    const connections = this.#found.totals.connections().filter(({ connection }) => connection !== 0);
    for (const { connection, directions } of connections.slice(0, SHOWN_CONNECTIONS)) {
      const bytes = (['a -> b', 'b -> a'] as const).map(
        (each) => `${each} ${counted(directions[each].bytes, 'byte')}${stateOf(directions[each])}`,
      );
      const note = this.#found.notes.names.get(connection);
      this.#row(
        connection === connections[0]?.connection ? 'connection' : '',
        `${connection}  ${namesOf(note)}${bytes.join(', ')}${endOf(note)}`,
      );
    }
    const more = connections.length - SHOWN_CONNECTIONS;
    if (more > 0) this.#row('', `and ${counted(more, 'more connection', 'more connections')}: --connection N, --json`);
  }

  #outcome(): void {
    const { totals } = this.#found;
    const { verdicts, end } = this.#found.notes;
    for (const verdict of verdicts.kept.slice(-2)) {
      this.#row('outcome', verdictText(this.#page, verdict));
    }
    if (end !== null) {
      const why = end.message === undefined ? '' : `: ${printable(end.message)}`;
      this.#row('ended', `${printable(end.reason)} after ${duration(end.atMs)}${why}`);
    } else if (this.#input.format === 'trace') {
      this.#row('ended', 'without an end mark: its writer was killed, or still writes');
    }
    if (totals.gaps > 0) {
      this.#row(
        'gaps',
        `${thousands(totals.gaps)}, in which ${counted(totals.missing, 'record is', 'records are')} missing`,
      );
    }
  }

  #steps(): void {
    const { loop, last, firstViolation, violations } = this.#found;
    if (firstViolation !== null) {
      const others = violations > 1 ? `; ${thousands(violations - 1)} more after it` : '';
      this.#row(
        this.#page.paint('red', 'wrong'),
        `${firstViolation.message} (seq ${firstViolation.event.seq}${others})`,
      );
    }
    this.#showFindings();
    this.#page.line();
    const before = loop === null ? last : loop.before;
    if (before.length > 0) {
      this.#page.line(loop === null ? 'The last steps' : `The last steps before it went round`);
      this.#events(before);
    }
    if (loop !== null) this.#loop(loop);
    if (before.length === 0 && loop === null) this.#page.line('No events.');
  }

  #showFindings(): void {
    for (const { class: name, direction, seq, connection } of this.#findings.slice(0, SHOWN_FINDINGS)) {
      const of = this.#found.totals.connections().length > 1 ? ` of connection ${connection}` : '';
      this.#row(this.#page.paint('red', 'finding'), `${name}, ${direction}${of} (seq ${seq})`);
    }
    const more = this.#findings.length - SHOWN_FINDINGS;
    if (more > 0) this.#row('', `and ${counted(more, 'more finding')}: relayscope why`);
  }

  #loop(loop: Loop): void {
    const ms = loop.lastTickMs - loop.firstTickMs;
    const times = `× ${thousands(loop.rounds)}${ms > 0 ? ` in ${duration(ms)}` : ''}`;
    const moves = loop.bytesPerRound > 0 ? `${counted(loop.bytesPerRound, 'byte')} a round` : 'no byte moves';
    const [only] = loop.events;
    if (loop.events.length === 1 && only !== undefined) {
      this.#page.line(`The loop: ${moves}`);
      const line = `${bare(only)}  ${times}`;
      // How often it went round is what must not be cut.
      const fits = this.#page.columns === null || LOOP_INDENT.length + line.length <= this.#page.columns;
      for (const text of fits ? [line] : [bare(only), times])
        this.#page.line(LOOP_INDENT + this.#page.paint('red', text));
      return;
    }
    this.#page.line(
      `The loop, ${counted(loop.events.length, 'event')} a round, ${this.#page.paint('red', times)}: ${moves}`,
    );
    this.#events(loop.events.slice(0, SHOWN_ROUND));
    const more = loop.events.length - SHOWN_ROUND;
    if (more > 0) this.#page.line(`     … and ${counted(more, 'more event')} a round`);
  }

  #events(events: readonly TraceEvent[]): void {
    const marked = this.#found.firstViolation?.event.seq;
    const showConnection = this.#found.totals.connections().length > 1;
    const showTime = this.#found.totals.lastTickMs > 0;
    const lines = new EventLines(this.#page, {
      showConnection,
      showTime,
      marked,
      pointedAt: pointedAt(this.#findings),
    });
    for (const event of events) lines.event(event);
  }

  #stack(): void {
    const note = this.#found.notes.stacks.kept.at(-1);
    if (note === undefined) return;
    this.#page.line();
    showStack(this.#page, note);
  }

  #sockets(): void {
    const note = this.#found.notes.sockets.kept.at(-1);
    if (note === undefined || note.sockets.length === 0) return;
    this.#page.line();
    this.#page.line(`Its sockets, ${duration(note.atMs)} after it began`);
    for (const socket of note.sockets.slice(0, SHOWN_SOCKETS)) {
      const ends = `${printable(socket.local ?? '?')} - ${printable(socket.remote ?? '?')}`;
      const bytes = `read ${thousands(socket.bytesRead)}, written ${thousands(socket.bytesWritten)}`;
      const waiting = `unread ${thousands(socket.readable)}, unsent ${thousands(socket.writable)}`;
      this.#page.row('', `${ends}  ${printable(socket.state)}; ${bytes}; ${waiting}`, 5);
    }
    const more = Math.max(0, note.sockets.length - SHOWN_SOCKETS) + (note.omitted ?? 0);
    if (more > 0) this.#page.line(`     … and ${counted(more, 'more socket')}`);
  }

  #troubles(): void {
    const { kept, count } = this.#found.notes.warnings;
    if (count === 0) return;
    this.#page.line();
    for (const warning of kept.slice(0, SHOWN_WARNINGS)) {
      this.#row(this.#page.paint('yellow', 'warning'), printable(warning));
    }
    if (count > SHOWN_WARNINGS) this.#row('', `and ${counted(count - SHOWN_WARNINGS, 'more warning')}: --json`);
  }

  #next(): void {
    const { loop, firstViolation, last } = this.#found;
    const name = this.#input.name === 'standard input' ? 'FILE' : shellWord(this.#input.name);
    const at = loop?.events[0]?.seq ?? last.at(-1)?.seq;
    this.#page.line();
    const hints = [
      ...(this.#findings.length > 0 ? [`relayscope why ${name}`] : []),
      ...(firstViolation !== null ? [`relayscope inspect ${name} --first-violation`] : []),
      ...(firstViolation === null && at !== undefined ? [`relayscope inspect ${name} --around ${at}`] : []),
      `relayscope diff GOOD ${name}`,
    ];
    for (const [index, hint] of hints.entries()) this.#row(index === 0 ? 'next' : '', hint);
  }

  #row(label: string, text: string): void {
    this.#page.row(label, text);
  }
}

/** An event as the story's author had printed it, without its own repeat count, which the loop's line has. */
function bare(event: TraceEvent): string {
  const { repeat: _repeat, lastTickMs: _last, need_flush: _flush, ...once } = event;
  return eventText(once);
}

function namesOf(note: ConnectionNote | undefined): string {
  if (note?.a === undefined && note?.b === undefined) return '';
  return `${printable(note.a ?? '?')} - ${printable(note.b ?? '?')}  `;
}

function stateOf({ state }: DirectionTotals): string {
  return state === 'running' ? '' : ` (${state})`;
}

function endOf(note: ConnectionNote | undefined): string {
  if (note?.end !== undefined) return `, ${printable(note.end)}`;
  return note?.openedMs !== undefined && note.closedMs === undefined ? ', still open' : '';
}
