import { stripVTControlCharacters, styleText } from 'node:util';
import type { StackFrame, VerdictOutcome } from '../../src/trace/trace-note.ts';
import type { Output } from '../io.ts';
import { printable } from '../../src/printable.ts';
import { framePath } from '../../src/watch/frame-path.ts';
import { isStuck, type AttachReport } from './attach-report.ts';
import { placeOf } from './judge-thread.ts';
import type { SocketReport } from './socket-report.ts';
import { isOfUser, localsOf } from './stack.ts';

type Style = Parameters<typeof styleText>[0];

/** Outcomes in the words of a person who waits for a program. */
const WORDS: Readonly<Record<VerdictOutcome, string>> = {
  spinning: 'spins',
  livelocked: 'livelocks',
  blocked: 'is blocked',
  parked: 'is parked',
  waiting: 'waits',
  unfinished: 'works',
  busy: 'is busy',
  recovered: 'turns again',
  starved: 'is starved',
  completed: 'has completed',
  failed: 'has failed',
};

const MAX_COLUMNS = 120;
const MIN_COLUMNS = 40;
const MAX_LOCALS_SHOWN = 12;
const MAX_SOCKETS_SHOWN = 40;
/** A sentence names functions and variables of the other program, which may be called anything. */
const MAX_MESSAGE_CHARS = 2000;

/** A report as a person sees it: the verdict, the stack, the sockets. */
export class AttachScreen {
  readonly #out: Output;
  readonly #colours: boolean;
  readonly #columns: number;

  constructor(out: Output, colours: boolean) {
    this.#out = out;
    this.#colours = colours;
    this.#columns = Math.max(MIN_COLUMNS, Math.min(MAX_COLUMNS, out.columns ?? MAX_COLUMNS));
  }

  show(report: AttachReport): void {
    this.#verdict(report);
    this.#stack(report);
    this.#sockets(report);
    for (const { thread, outcome, message } of report.workers) {
      this.#line('');
      this.#wrapped(`${thread} ${WORDS[outcome]}: ${printable(message, MAX_MESSAGE_CHARS)}`, '');
    }
    if (report.trace !== null) {
      this.#line('');
      this.#line(`Trace: ${report.trace}`);
    }
  }

  #verdict({ pid, thread, outcome, message, cpu, command, runtime }: AttachReport): void {
    const who = thread === 'main' ? `Process ${pid}` : `Process ${pid}, ${thread},`;
    const style = isStuck(outcome) ? 'red' : 'green';
    this.#wrapped(`${who} ${this.#paint(style, WORDS[outcome])}: ${printable(message, MAX_MESSAGE_CHARS)}`, '');
    const used = cpu === null ? '' : `${Math.round(cpu * 100)} % of a processor: `;
    const what = printable(`${runtime === null ? '' : `Node ${runtime}, `}${used}${command}`);
    this.#line(this.#paint('dim', this.#cut(what)));
  }

  #stack({ frames, omittedFrames, loopFrame }: AttachReport): void {
    if (frames.length === 0) return;
    this.#line('');
    const changes = new Map(loopFrame?.changed.map(({ name, after }) => [name, after]));
    for (const group of grouped(frames)) {
      const [frame] = group;
      if (frame === undefined) continue;
      if (!isOfUser(frame)) {
        const more = group.length === 1 ? 'a frame' : `${group.length} frames`;
        this.#line(this.#paint('dim', `  ${more} of Node (${printable(`${frame.function}, ${placeOf(frame)}`)})`));
        continue;
      }
      this.#line(`  ${this.#paint('bold', printable(frame.function))}  ${this.#paint('dim', pathOf(frame))}`);
      this.#locals(frame, frame === loopFrame?.frame ? changes : new Map());
    }
    if (omittedFrames > 0) this.#line(this.#paint('dim', `  … and ${omittedFrames} more`));
  }

  #locals(frame: StackFrame, changes: ReadonlyMap<string, string>): void {
    const locals = localsOf(frame);
    for (const { name, value } of locals.slice(0, MAX_LOCALS_SHOWN)) {
      const later = changes.get(name);
      this.#line(
        this.#cut(
          `      ${printable(name)} = ${printable(value)}${later === undefined ? '' : `  →  ${printable(later)}`}`,
        ),
      );
    }
    if (locals.length > MAX_LOCALS_SHOWN) this.#line(`      … and ${locals.length - MAX_LOCALS_SHOWN} more`);
  }

  #sockets({ sockets, omittedSockets }: AttachReport): void {
    if (sockets.length === 0) return;
    this.#line('');
    this.#line(`Sockets: ${sockets.length + omittedSockets}`);
    // What somebody has to look at comes first.
    const sorted = sockets.toSorted((a, b) => rank(a) - rank(b));
    for (const socket of sorted.slice(0, MAX_SOCKETS_SHOWN)) {
      const { local = '?', remote, bytesRead, bytesWritten, state, isListening } = socket;
      const counts = isListening
        ? ''
        : `  ${bytesRead.toLocaleString('en')} read, ${bytesWritten.toLocaleString('en')} written`;
      const ends = `${printable(local)}${remote === undefined ? '' : ` ↔ ${printable(remote)}`}`;
      this.#wrapped(`${ends}${this.#paint('dim', counts)}`, '  ');
      this.#wrapped(socket.isUnread ? this.#paint('yellow', state) : state, '      ');
    }
    const more = sockets.length - MAX_SOCKETS_SHOWN + omittedSockets;
    if (more > 0) this.#line(this.#paint('dim', `  … and ${more} more`));
  }

  #wrapped(text: string, indent: string): void {
    let line = indent;
    for (const word of text.split(' ')) {
      const isFull = stripVTControlCharacters(line).length + stripVTControlCharacters(word).length + 1 > this.#columns;
      if (isFull && line.trim() !== '') {
        this.#line(line);
        line = indent === '' ? '  ' : indent;
      }
      line += line.trim() === '' ? word : ` ${word}`;
    }
    this.#line(line);
  }

  #cut(text: string): string {
    return text.length <= this.#columns ? text : `${text.slice(0, this.#columns - 1)}…`;
  }

  #line(text: string): void {
    this.#out.write(`${text.trimEnd()}\n`);
  }

  #paint(style: Style, text: string): string {
    return this.#colours ? styleText(style, text, { validateStream: false }) : text;
  }
}

/** Frames of the program one by one, those of Node that follow one another together. */
function grouped(frames: readonly StackFrame[]): StackFrame[][] {
  const groups: StackFrame[][] = [];
  for (const frame of frames) {
    const last = groups.at(-1);
    if (last?.[0] !== undefined && !isOfUser(last[0]) && !isOfUser(frame)) last.push(frame);
    else groups.push([frame]);
  }
  return groups;
}

function rank({ isUnread, isFull, isListening }: SocketReport): number {
  if (isUnread) return 0;
  if (isFull) return 1;
  return isListening ? 3 : 2;
}

/** A path to click on, without the `file:` of a URL. */
function pathOf({ url, line, column }: StackFrame): string {
  return `${printable(framePath(url))}:${line}:${column}`;
}
