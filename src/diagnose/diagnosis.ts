import { encodeEvent } from '../trace/encode-event.ts';
import { Kind } from '../trace/event-kind.ts';
import { recordSpan } from '../trace/decode-records.ts';
import { WORDS_PER_RECORD } from '../trace/ring-layout.ts';
import type { TraceEvent } from '../trace/trace-event.ts';
import type { TraceItem } from '../trace/trace-item.ts';
import { ALL_DETECTORS } from './all-detectors.ts';
import { ConnectionNotes } from './connection-notes.ts';
import type { Detector, Ending } from './detector.ts';
import { DetectorTable } from './detector-table.ts';
import { DiagnosedConnection, type Found } from './diagnosed-connection.ts';
import { FailedConnections } from './failed-connections.ts';
import type { Finding, Report } from './finding.ts';
import { HeldRecords } from './held-records.ts';
import { leadingFindings } from './leading-findings.ts';
import { oldestBeyond } from './oldest-beyond.ts';
import { NONE } from './half-picture.ts';
import { SeenEvent } from './seen-event.ts';
import type { Sight } from './unseen-classes.ts';
import { VerdictLog } from './verdict-log.ts';

export interface DiagnosisOptions {
  /** Default: those of all classes. */
  readonly detectors?: readonly Detector[];
  /** Called once for each thing that a detector reports, as it shows. It may turn out to be a consequence of another. */
  readonly onReport?: (connection: number, report: Report) => void;
}

const ALL = new DetectorTable(ALL_DETECTORS);
/** More connections than that are not kept at once: those that are over are summed up, and of the others the oldest go. */
const MAX_CONNECTIONS = 16_384;
/** Findings of connections that are over: more are counted, and not kept. */
const MAX_SETTLED = 10_000;
/** The same of all that are not over yet, with what turns out to be a consequence. */
const MAX_CURRENT = 20_000;
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
  readonly failed = new FailedConnections();
  readonly #table: DetectorTable;
  readonly #onReport: (connection: number, report: Report) => void;
  readonly #connections = new Map<number, DiagnosedConnection>();
  /** Of connections that are over and had something to find. */
  readonly #settled: Finding[] = [];
  readonly #notes = new ConnectionNotes();
  readonly #event = new SeenEvent();
  readonly #held = new HeldRecords();
  #latest: DiagnosedConnection | null = null;
  #nextSeq = -1;
  #tickBase = 0;
  #lastTick = 0;
  readonly #verdicts = new VerdictLog();
  #endMs: number | null = null;
  #dialect: string | null = null;
  #kinds = 0;
  readonly #sights = new Set<Sight>();
  #events = 0;
  #opened = 0;
  #unkept = 0;
  #forgotten = 0;
  /** Of the connections that are kept. */
  #current = 0;
  /** Before this event records are missing, the latest; each connection hears of it with its next event. */
  #gapSeq = NONE;
  /** The tick of the first event after the latest place where records are missing; null: none are. */
  #gapTickMs: number | null = null;
  #isAfterGap = false;

  constructor(options: DiagnosisOptions = {}) {
    this.#table = options.detectors === undefined ? ALL : new DetectorTable(options.detectors);
    this.#onReport = options.onReport ?? (() => undefined);
  }

  /** The kinds of event seen so far, as bits: which classes can be judged at all. */
  get kinds(): number {
    return this.#kinds;
  }

  /** How much the connections with events show of themselves. */
  get sights(): ReadonlySet<Sight> {
    return this.#sights;
  }

  /** How many events, and how many connections, have been looked at. */
  get events(): number {
    return this.#events;
  }

  get connections(): number {
    return this.#opened;
  }

  /** Whether the trace has anything of this connection. */
  knows(connection: number): boolean {
    return (
      this.#connections.has(connection) || this.#notes.of(connection) !== null || this.#notes.isSettled(connection)
    );
  }

  /** Connections that were given up because too many were open at once: what came of them later is not looked at. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** Findings for which there was no room. */
  get unkept(): number {
    return this.#unkept;
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
        this.#notes.add(item.note, this.#lastTick + this.#tickBase);
        this.#connections.get(item.note.connection)?.named(this.#notes.of(item.note.connection));
        break;
      case 'verdict':
        this.#verdicts.add(item.verdict);
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
    const { words: all, firstSeq: from } = this.#held.joined(words, firstSeq, (held, heldSeq) => {
      this.#whole(held, heldSeq);
    });
    const whole = this.#held.keepBack(all, from);
    if (whole > 0) this.#whole(whole === all.length ? all : all.subarray(0, whole), from);
  }

  /** No event of these has extensions still to come. */
  #whole(words: Int32Array, firstSeq: number): void {
    if (firstSeq > Math.max(0, this.#nextSeq)) this.#gap(firstSeq);
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
    for (const connection of this.#notes.over(this.#lastTick + this.#tickBase)) this.#settle(connection);
  }

  event(event: TraceEvent): void {
    this.#takeHeld();
    this.#whole(encodeEvent(event), event.seq);
  }

  /** So much time has passed since the trace began, and nothing has been recorded but what was given. */
  elapsed(ms: number): void {
    for (const connection of this.#notes.over(ms)) {
      this.#takeHeld();
      this.#settle(connection);
    }
  }

  /** Nothing more will come. @param ending of all connections of which nobody has said how they ended. */
  end(ending?: Partial<Ending>): void {
    this.#takeHeld();
    for (const one of this.#connections.values()) {
      if (!one.isOver) this.#endOf(one, ending);
    }
  }

  /** What has been found so far, the leading ones alone; each has its consequences. */
  findings(): Finding[] {
    const current = [...this.#connections.values()].flatMap((one) =>
      leadingFindings(one.picture.connection, one.found),
    );
    return [...this.#settled, ...current];
  }

  #takeHeld(): void {
    const held = this.#held.take();
    if (held !== null) this.#whole(held.words, held.firstSeq);
  }

  #see(event: SeenEvent): void {
    this.#kinds |= 1 << event.kind;
    this.#events += 1;
    this.#unwrapTick(event);
    if (event.kind === Kind.GAP) {
      this.#gap(event.seq);
      return;
    }
    if (this.#isAfterGap) {
      this.#isAfterGap = false;
      this.#gapTickMs = event.tickMs;
    }
    const latest = this.#latest;
    const one = latest !== null && latest.picture.connection === event.connection ? latest : this.#open(event);
    one?.gap(this.#gapSeq);
    one?.event(event);
  }

  #unwrapTick(event: SeenEvent): void {
    if (event.tickMs < this.#lastTick - TICK_SPAN_MS / 2) this.#tickBase += TICK_SPAN_MS;
    this.#lastTick = event.tickMs;
    if (this.#tickBase === 0) return;
    event.tickMs += this.#tickBase;
    event.lastTickMs += this.#tickBase;
  }

  /** Null: it is over, and what comes of it now has come too late to be told from the beginning of another. */
  #open(event: SeenEvent): DiagnosedConnection | null {
    const { connection, seq } = event;
    let one = this.#connections.get(connection);
    if (one === undefined) {
      if (this.#notes.isSettled(connection)) return null;
      for (const oldest of oldestBeyond(this.#connections, MAX_CONNECTIONS - 1)) {
        this.#forgotten += 1;
        this.#settle(oldest);
      }
      one = new DiagnosedConnection(connection, this.#table, (found) => this.#keeps(connection, found));
      one.picture.dialect = this.#dialect;
      const note = this.#notes.of(connection);
      one.named(note);
      // Of one that has opened since, nothing is missing.
      // Of the same millisecond as the first event after it, or nobody knows: it may have begun before.
      const isCut = this.#gapTickMs !== null && !((note?.openedMs ?? -1) > this.#gapTickMs);
      one.beginsAfter(this.#gapSeq, isCut ? seq : NONE);
      this.#connections.set(connection, one);
      this.#opened += 1;
    }
    this.#sights.add(one.picture.note?.sight ?? 'all');
    this.#latest = one;
    return one;
  }

  /** It is over: keeps what was found, and not the connection. */
  #settle(connection: number): void {
    const one = this.#connections.get(connection);
    if (one !== undefined) {
      if (!one.isOver) this.#endOf(one, undefined);
      const found = leadingFindings(connection, one.found);
      const room = MAX_SETTLED - this.#settled.length;
      this.#settled.push(...found.slice(0, room));
      this.#unkept += Math.max(0, found.length - room);
      this.#current -= one.foundCount;
      this.#connections.delete(connection);
      if (this.#latest === one) this.#latest = null;
    }
    this.#notes.settle(connection);
  }

  #keeps(connection: number, { report }: Found): boolean {
    if (this.#current >= MAX_CURRENT) {
      this.#unkept += 1;
      return false;
    }
    this.#current += 1;
    this.#onReport(connection, report);
    return true;
  }

  #gap(seq: number): void {
    this.#gapSeq = seq;
    this.#isAfterGap = true;
  }

  #endOf(one: DiagnosedConnection, ending: Partial<Ending> | undefined): void {
    const how = this.#notes.endingOf(one.picture.connection) ?? this.#endingOf(one, ending);
    one.gap(this.#gapSeq);
    one.end(how);
    this.failed.ended(one.picture, how);
  }

  #endingOf({ picture }: DiagnosedConnection, ending: Partial<Ending> | undefined): Ending {
    const open: Ending = { outcome: 'open', atMs: this.#endMs ?? picture.lastTickMs };
    return { ...(this.#verdicts.of(picture.connection) ?? open), ...ending };
  }
}
