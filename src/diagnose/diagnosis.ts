import { encodeEvent } from '../trace/encode-event.ts';
import { Kind } from '../trace/event-kind.ts';
import { recordSpan } from '../trace/decode-records.ts';
import { WORDS_PER_RECORD } from '../trace/ring-layout.ts';
import type { TraceEvent } from '../trace/trace-event.ts';
import type { TraceItem } from '../trace/trace-item.ts';
import type { ConnectionNote, Verdict } from '../trace/trace-note.ts';
import { ALL_DETECTORS } from './all-detectors.ts';
import type { Detector, Ending } from './detector.ts';
import { DiagnosedConnection, type Found } from './diagnosed-connection.ts';
import type { Finding, Report } from './finding.ts';
import { leadingFindings } from './leading-findings.ts';
import { SeenEvent } from './seen-event.ts';

export interface DiagnosisOptions {
  /** Default: those of all classes. */
  readonly detectors?: readonly Detector[];
  /** Called once for each thing that a detector reports, as it shows. It may turn out to be a consequence of another. */
  readonly onReport?: (connection: number, report: Report) => void;
}

/** More connections than that are not kept at once: those that are over are summed up, and of the others the oldest go. */
const MAX_CONNECTIONS = 65_536;
/** A tick of 32 bits begins anew after 49.7 days. */
const TICK_SPAN_MS = 0x1_0000_0000;

/**
 * Names what is wrong with the copies of a trace. It takes the items of a trace in order, from a file, from a run in
 * memory, or as they happen, and sees nothing else: so a trace of another machine says as much as a live one.
 *
 * @example
 * const diagnosis = new Diagnosis();
 * for await (const item of await openTrace(path)) diagnosis.item(item);
 * diagnosis.end();
 * for (const finding of diagnosis.findings()) console.log(finding.class, finding.direction, finding.meaning);
 */
export class Diagnosis {
  readonly #detectors: readonly Detector[];
  readonly #onReport: (connection: number, report: Report) => void;
  readonly #connections = new Map<number, DiagnosedConnection>();
  /** Of connections that are over and had something to find. */
  readonly #settled: Finding[] = [];
  readonly #event = new SeenEvent();
  #latest: DiagnosedConnection | null = null;
  #nextSeq = -1;
  #tickBase = 0;
  #lastTick = 0;
  #verdicts: Verdict[] = [];
  #endMs: number | null = null;
  #dialect: string | null = null;
  #kinds = 0;

  constructor(options: DiagnosisOptions = {}) {
    this.#detectors = options.detectors ?? ALL_DETECTORS;
    this.#onReport = options.onReport ?? (() => undefined);
  }

  /** The kinds of event seen so far, as bits: which classes can be judged at all. */
  get kinds(): number {
    return this.#kinds;
  }

  item(item: TraceItem): void {
    switch (item.kind) {
      case 'records':
        this.records(item.words, item.firstSeq);
        break;
      case 'about':
        this.#dialect = item.about.dialect ?? this.#dialect;
        break;
      case 'connection':
        this.#named(item.note);
        break;
      case 'verdict':
        this.#verdicts.push(item.verdict);
        break;
      case 'end':
        this.#endMs = item.note.atMs;
        break;
      case 'string':
      case 'stack':
      case 'sockets':
      case 'payload':
      case 'warning':
        break;
    }
  }

  /** Consecutive records, as a ring and a file have them. A jump of `firstSeq` means that some are missing. */
  records(words: Int32Array, firstSeq: number): void {
    if (this.#nextSeq !== -1 && firstSeq > this.#nextSeq) this.#gap(this.#nextSeq);
    const count = Math.floor(words.length / WORDS_PER_RECORD);
    const event = this.#event;
    let index = 0;
    while (index < count) {
      // The next record is most often no extension: asked of one word rather than by a call.
      const isAlone = index + 1 >= count || ((words[(index + 1) * WORDS_PER_RECORD] ?? 0) & 0x1f) !== 0;
      const next = isAlone ? index + 1 : index + recordSpan(words, index);
      event.fill(words, index, next, firstSeq + index);
      if (event.kind !== Kind.EXTENSION) this.#see(event);
      index = next;
    }
    this.#nextSeq = firstSeq + count;
  }

  event(event: TraceEvent): void {
    this.records(encodeEvent(event), event.seq);
  }

  /** Nothing more will come. @param ending of all connections of which nobody has said how they ended. */
  end(ending?: Partial<Ending>): void {
    for (const one of this.#connections.values()) {
      if (!one.isOver) one.end(this.#endingOf(one, ending));
    }
  }

  /** What has been found so far, the leading ones alone; each has its consequences. */
  findings(): Finding[] {
    const current = [...this.#connections.values()].flatMap((one) =>
      leadingFindings(one.picture.connection, one.found),
    );
    return [...this.#settled, ...current];
  }

  #see(event: SeenEvent): void {
    this.#kinds |= 1 << event.kind;
    this.#unwrapTick(event);
    if (event.kind === Kind.GAP) {
      this.#gap(event.seq);
      return;
    }
    const latest = this.#latest;
    const one =
      latest !== null && latest.picture.connection === event.connection ? latest : this.#open(event.connection);
    one.event(event);
  }

  #unwrapTick(event: SeenEvent): void {
    if (event.tickMs < this.#lastTick - TICK_SPAN_MS / 2) this.#tickBase += TICK_SPAN_MS;
    this.#lastTick = event.tickMs;
    if (this.#tickBase === 0) return;
    event.tickMs += this.#tickBase;
    event.lastTickMs += this.#tickBase;
  }

  #open(connection: number): DiagnosedConnection {
    let one = this.#connections.get(connection);
    if (one === undefined) {
      if (this.#connections.size >= MAX_CONNECTIONS) this.#forgetOldest();
      one = new DiagnosedConnection(connection, this.#detectors, (found: Found) => {
        this.#onReport(connection, found.report);
      });
      one.picture.dialect = this.#dialect;
      this.#connections.set(connection, one);
    }
    this.#latest = one;
    return one;
  }

  #named(note: ConnectionNote): void {
    const one = this.#open(note.connection);
    one.picture.note = { ...one.picture.note, ...note };
    if (note.end === undefined || one.isOver) return;
    const outcome = note.end === 'completed' ? 'completed' : 'failed';
    one.end({ outcome, atMs: note.closedMs ?? one.picture.lastTickMs, code: note.end });
    this.#settle(one);
  }

  /** Keeps what was found, and not the connection. */
  #settle(one: DiagnosedConnection): void {
    const { connection } = one.picture;
    this.#settled.push(...leadingFindings(connection, one.found));
    this.#connections.delete(connection);
    if (this.#latest === one) this.#latest = null;
  }

  #forgetOldest(): void {
    for (const oldest of this.#connections.values()) {
      if (!oldest.isOver) oldest.end(this.#endingOf(oldest, undefined));
      this.#settle(oldest);
      return;
    }
  }

  #gap(seq: number): void {
    for (const one of this.#connections.values()) one.gap(seq);
  }

  #endingOf({ picture }: DiagnosedConnection, ending: Partial<Ending> | undefined): Ending {
    const verdict = this.#verdicts.findLast(
      ({ connection }) => connection === undefined || connection === picture.connection,
    );
    const open: Ending = { outcome: 'open', atMs: this.#endMs ?? picture.lastTickMs };
    if (verdict === undefined) return { ...open, ...ending };
    const { outcome, atMs, direction, half } = verdict;
    return {
      outcome,
      atMs,
      ...(direction === undefined ? {} : { direction }),
      ...(half === undefined ? {} : { half }),
      ...ending,
    };
  }
}
