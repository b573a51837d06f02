import { PENDING } from '../../src/poll/pending.ts';
import { Flag, Kind } from '../../src/trace/event-kind.ts';
import { MAX_REPEAT, Word, WORDS_PER_RECORD } from '../../src/trace/ring-layout.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import { parsePrintedLine, type PrintedLine } from './printed-line.ts';
import { printedTime } from './printed-time.ts';
import { textLines } from './text-lines.ts';

/** So many records are handed over at a time. */
const BATCH_RECORDS = 4096;
/** So many different lines are remembered with what they say: a loop prints the same few over and over. */
const MAX_REMEMBERED = 4096;
/** So many pairs of ends are told apart. */
const MAX_PAIRS = 64;

/** Which of two names is `a`, where they say so themselves; else it is the one that is printed first. */
const FIRST_NAMES = new Set(['a', 'client', 'inbound', 'in', 'local', 'left', 'source', 'src', 'downstream', 'up']);
const SECOND_NAMES = new Set([
  'b',
  'server',
  'outbound',
  'out',
  'remote',
  'right',
  'target',
  'dst',
  'upstream',
  'down',
]);

const CALL_KINDS = {
  loop: Kind.LOOP,
  read: Kind.READ,
  write: Kind.WRITE,
  flush: Kind.FLUSH,
  shutdown: Kind.SHUTDOWN,
} as const;

/** How much of a text was understood. */
export interface ImportCounts {
  lines: number;
  recognised: number;
}

/**
 * The text that somebody's patched program printed, as a trace: lines with a direction and pos, cap, read_done in any
 * order and spelling, anything else around them. Lines that are none of those are counted and left out.
 *
 * A line without a mark or a call is the end of an iteration (`loop`); its mark, #1 … #4, becomes `n`. What a line does
 * not say stays as the same direction's line before it had it. Times are kept if the lines begin with them.
 */
export async function* importText(source: AsyncIterable<Uint8Array>, counts: ImportCounts): AsyncGenerator<TraceItem> {
  const importer = new TextImporter();
  for await (const lines of textLines(source)) {
    for (const line of lines) {
      counts.lines += 1;
      if (!importer.line(line)) continue;
      counts.recognised += 1;
      if (importer.isFull) yield* importer.take();
    }
  }
  yield* importer.take();
}

class TextImporter {
  readonly #words = new Int32Array(BATCH_RECORDS * WORDS_PER_RECORD);
  #records = 0;
  #firstSeq = 0;
  readonly #remembered = new Map<string, PrintedLine | null>();
  /** `from -> to` to the direction bit that it stands for. */
  readonly #pairs = new Map<string, number>();
  #named = false;
  /** What the latest line said, by connection and direction: those that do not say it again mean the same. */
  readonly #places = new Map<number, { pos: number; cap: number; flags: number }>();
  #startMs: number | null = null;
  #tickMs = 0;
  #names: { readonly a: string; readonly b: string } | null = null;

  get isFull(): boolean {
    return this.#records === BATCH_RECORDS;
  }

  /** Whether the line was understood. */
  line(text: string): boolean {
    const time = printedTime(text);
    const parsed = this.#parse(time === null ? text : time.rest);
    if (parsed === null) return false;
    const bit = this.#direction(parsed.from, parsed.to);
    if (bit === null) return false;
    if (time !== null) {
      this.#startMs ??= time.ms;
      this.#tickMs = Math.min(0x7fffffff, Math.max(this.#tickMs, Math.round(time.ms - this.#startMs)));
    }
    this.#write(parsed, bit);
    return true;
  }

  *take(): Generator<TraceItem> {
    if (this.#names !== null) {
      yield { kind: 'connection', note: { connection: 1, ...this.#names } };
      this.#names = null;
    }
    if (this.#records === 0) return;
    const words = this.#words.subarray(0, this.#records * WORDS_PER_RECORD);
    yield { kind: 'records', firstSeq: this.#firstSeq, words };
    this.#firstSeq += this.#records;
    this.#records = 0;
  }

  #parse(text: string): PrintedLine | null {
    const known = this.#remembered.get(text);
    if (known !== undefined) return known;
    const parsed = parsePrintedLine(text);
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(text, parsed);
    return parsed;
  }

  #direction(from: string, to: string): number | null {
    const pair = `${from} ${to}`;
    const known = this.#pairs.get(pair);
    if (known !== undefined) return known;
    if (from === to || this.#pairs.size >= MAX_PAIRS) return null;
    const backwards = SECOND_NAMES.has(from) || (FIRST_NAMES.has(to) && !FIRST_NAMES.has(from));
    const bit = backwards ? Flag.B_TO_A : 0;
    this.#pairs.set(pair, bit);
    this.#pairs.set(`${to} ${from}`, Flag.B_TO_A - bit);
    if (!this.#named && !(from.length === 1 && to.length === 1)) {
      this.#names = backwards ? { a: to, b: from } : { a: from, b: to };
    }
    this.#named = true;
    return bit;
  }

  #write(line: PrintedLine, bit: number): void {
    const connection = (line.connection ?? 1) | 0;
    const placeKey = connection * 2 + (bit === 0 ? 0 : 1);
    let place = this.#places.get(placeKey);
    if (place === undefined) {
      if (this.#places.size >= MAX_REMEMBERED) this.#places.clear();
      place = { pos: 0, cap: 0, flags: 0 };
      this.#places.set(placeKey, place);
    }
    if (line.pos !== undefined) place.pos = line.pos | 0;
    if (line.cap !== undefined) place.cap = line.cap | 0;
    if (line.readDone !== undefined) place.flags = withFlag(place.flags, Flag.READ_DONE, line.readDone);
    if (line.needFlush !== undefined) place.flags = withFlag(place.flags, Flag.NEED_FLUSH, line.needFlush);
    const at = this.#records * WORDS_PER_RECORD;
    const words = this.#words;
    words[at] = CALL_KINDS[line.call] | bit | place.flags | (line.n === 'failed' ? Flag.FAILED : 0);
    words[at + Word.CONNECTION] = connection;
    words[at + Word.POS] = place.pos;
    words[at + Word.CAP] = place.cap;
    words[at + Word.N] = line.call === 'loop' ? (line.mark ?? 0) : countOf(line.n);
    const repeat = Math.min(MAX_REPEAT, Math.max(0, (line.times ?? 1) - 1));
    words[at + Word.OFFERED] = line.call === 'loop' ? (repeat > 0 ? this.#tickMs : 0) : offeredOf(line, place);
    words[at + Word.TICK_MS] = this.#tickMs;
    words[at + Word.REPEAT] = line.call === 'loop' ? repeat : 0;
    this.#records += 1;
  }
}

function withFlag(flags: number, flag: number, on: boolean): number {
  return on ? flags | flag : flags & ~flag;
}

function countOf(n: PrintedLine['n']): number {
  return n === 'pending' ? PENDING : n === 'failed' || n === undefined ? 0 : n | 0;
}

/** Where it is not printed, a write was offered what lay between pos and cap, and a read had room for what it got. */
function offeredOf({ call, offered, n }: PrintedLine, { pos, cap }: { pos: number; cap: number }): number {
  if (call !== 'read' && call !== 'write') return 0;
  if (offered !== undefined) return offered | 0;
  return call === 'write' && cap > pos ? cap - pos : Math.max(0, countOf(n));
}
