import { isCount } from '../../src/copy/count.ts';
import type { Context, Waker } from '../../src/poll/context.ts';
import { PENDING } from '../../src/poll/pending.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { Cursor } from './cursor.ts';
import type { Ledger } from './ledger.ts';
import { RunLimitError } from './run-limit-error.ts';
import { MAX_BYTES } from './run-limits.ts';
import type { Scheduler } from './scheduler.ts';
import { ScriptedError } from './scripted-error.ts';
import { Op, type SideProgram } from './side-program.ts';

/** What `#wait` returns when there is nothing to wait for any more. Neither a count nor PENDING. */
const READY = -1;

/**
 * A stream that answers each call with the next entry of its script, and keeps account of what it really gave and took.
 * It is used again for run after run, and allocates nothing of its own but timers.
 */
export class SimStream implements PollStream {
  readonly label: string;
  /** Of the bytes that it gives, and of those that it takes. */
  readonly source: Ledger;
  readonly sink: Ledger;
  /** It gives at most so many, and takes at most so many. */
  maxBytes = MAX_BYTES;
  /** The entry that the latest call was answered with. */
  op: number = Op.USED_UP;
  /** Whether the budget has refused the latest read, the latest write. */
  readRefused = false;
  writeRefused = false;
  readonly #scheduler: Scheduler;
  #chunkBytes = Infinity;
  #isBudgeted = false;
  readonly #read: Cursor;
  readonly #write: Cursor;
  readonly #flush: Cursor;
  readonly #shutdown: Cursor;
  /** One for each half, as a real stream keeps them: the latest counts. */
  #readWaker: Waker | null = null;
  #writeWaker: Waker | null = null;
  /** The one whose call was the latest to wait in the write half. */
  #waiting: Cursor;
  /** At so many bytes taken a half is to be woken; Infinity: none waits for that. */
  #readAtBytes = Infinity;
  #writeAtBytes = Infinity;
  readonly #wakeReader = (): void => {
    this.#readWaker?.wake();
  };
  readonly #wakeWriter = (): void => {
    this.#writeWaker?.wake();
  };

  constructor(
    label: string,
    ledgers: { readonly source: Ledger; readonly sink: Ledger },
    program: SideProgram,
    scheduler: Scheduler,
  ) {
    this.label = label;
    this.source = ledgers.source;
    this.sink = ledgers.sink;
    this.#scheduler = scheduler;
    this.#read = new Cursor('read', program.read);
    this.#write = new Cursor('write', program.write);
    this.#flush = new Cursor('flush', program.flush);
    this.#shutdown = new Cursor('shutdown', program.shutdown);
    this.#waiting = this.#write;
  }

  /**
   * @param chunkBytes A read gives at most so many bytes, and the rest of its entry to the next.
   * @param isBudgeted As tokio's sockets: a read or a write costs a unit of the task's budget, where it has one.
   */
  reset(program: SideProgram, chunkBytes: number, isBudgeted: boolean): void {
    this.readRefused = false;
    this.writeRefused = false;
    this.#chunkBytes = chunkBytes;
    this.#isBudgeted = isBudgeted;
    this.#read.reset(program.read);
    this.#write.reset(program.write);
    this.#flush.reset(program.flush);
    this.#shutdown.reset(program.shutdown);
    this.#readWaker = null;
    this.#writeWaker = null;
    this.#readAtBytes = Infinity;
    this.#writeAtBytes = Infinity;
  }

  /** What it has really given, and taken. */
  get given(): number {
    return this.source.given;
  }

  get taken(): number {
    return this.sink.taken;
  }

  /** Whether a read would be answered now: with bytes, the end, or a failure. */
  get canRead(): boolean {
    return this.#isReady(this.#read);
  }

  /** How many bytes a read would give now, if it had room for all of its entry: none at an end, a failure, a wait. */
  get readableBytes(): number {
    const { program, at, op, left } = this.#read;
    if (!this.canRead) return 0;
    // What it waited for is there: the entry after it counts.
    const next = op === Op.WAIT || op === Op.RECEIVED ? at + 1 : at;
    const arg = program.args[next] ?? 0;
    switch (program.ops[next] ?? Op.USED_UP) {
      case Op.COUNT:
      case Op.BYTES:
        return left === -1 ? arg : left;
      case Op.LITERAL:
        return left === -1 ? (program.literals[arg]?.length ?? 0) : left;
      default:
        return 0;
    }
  }

  /** Whether the call of the write half that was the latest to wait would be answered now. */
  get canWrite(): boolean {
    return this.#isReady(this.#waiting);
  }

  #isReady(cursor: Cursor): boolean {
    switch (cursor.op) {
      case Op.WAKE:
      case Op.SILENT:
        return false;
      case Op.WAIT:
        return cursor.untilMs !== -1 && this.#scheduler.clock.nowMs() >= cursor.untilMs;
      case Op.RECEIVED:
        return this.sink.taken >= cursor.arg && cursor.delayMs < 0;
      default:
        return true;
    }
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    if (this.#isBudgeted && this.#isRefused(cx)) return PENDING;
    const cursor = this.#read;
    const room = end - start;
    for (;;) {
      const op = cursor.op;
      this.op = op;
      switch (op) {
        case Op.USED_UP:
          this.source.ended = true;
          return 0;
        case Op.COUNT:
          return this.#give(bytes, start, room, null);
        case Op.LITERAL:
          return this.#give(bytes, start, room, cursor.program.literals[cursor.arg] ?? null);
        case Op.BYTES:
          return this.#give(bytes, start, room, null, cursor.arg);
        case Op.RETURNS: {
          const answer = this.#answer(cursor);
          this.#giveBytes(bytes, start, isCount(answer, 0, room) ? answer : 0, null, 0);
          return answer;
        }
        case Op.DELTA: {
          const n = Math.max(0, room + cursor.arg);
          cursor.next();
          this.#giveBytes(bytes, start, Math.min(n, room), null, 0);
          return n;
        }
        default:
          if (this.#wait(cx, cursor, op) !== READY) return PENDING;
      }
    }
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    if (this.#isBudgeted && this.#isRefused(cx)) return PENDING;
    const cursor = this.#write;
    const offered = end - start;
    for (;;) {
      const op = cursor.op;
      this.op = op;
      switch (op) {
        case Op.USED_UP:
          return this.#take(bytes, start, offered, offered);
        case Op.COUNT: {
          const n = Math.min(cursor.arg, offered);
          cursor.next();
          return this.#take(bytes, start, n, n);
        }
        case Op.DELTA: {
          const n = Math.max(0, offered + cursor.arg);
          cursor.next();
          return this.#take(bytes, start, offered, n);
        }
        case Op.ZERO:
          cursor.next();
          return 0;
        case Op.RETURNS: {
          const answer = this.#answer(cursor);
          // What it took is not known: as much as it says, if that can be, or nothing below zero; else all of it.
          const took = answer < 0 ? 0 : isCount(answer, 0, offered) ? answer : offered;
          return this.#take(bytes, start, took, answer);
        }
        default:
          if (this.#wait(cx, cursor, op) !== READY) return PENDING;
      }
    }
  }

  pollFlush(cx: Context): number {
    return this.#finish(cx, this.#flush);
  }

  pollShutdown(cx: Context): number {
    const result = this.#finish(cx, this.#shutdown);
    if (result === 0) this.sink.ends += 1;
    return result;
  }

  #finish(cx: Context, cursor: Cursor): number {
    for (;;) {
      const op = cursor.op;
      this.op = op;
      if (op === Op.USED_UP) return 0;
      if (op === Op.COUNT) {
        cursor.next();
        return 0;
      }
      if (op === Op.RETURNS) return this.#answer(cursor);
      if (this.#wait(cx, cursor, op) !== READY) return PENDING;
    }
  }

  /** What is no count, as a stream at run time may return it in the place of one. */
  #answer(cursor: Cursor): number {
    const answer = cursor.program.answers[cursor.arg];
    cursor.next();
    return answer as number;
  }

  /** Gives what is left of the current entry, as far as there is room. A count is used up by one read, unless that was cut. */
  #give(bytes: Uint8Array, start: number, room: number, literal: Uint8Array | null, most = room): number {
    const cursor = this.#read;
    const whole = literal === null ? cursor.arg : literal.length;
    if (whole === 0) {
      // The entry 0 is the end of the stream; no bytes of text are only that.
      if (literal === null) this.source.ended = true;
      cursor.next();
      return 0;
    }
    const left = cursor.left !== -1 ? cursor.left : literal === null ? Math.min(whole, most) : whole;
    const n = Math.min(left, room, this.#chunkBytes);
    const from = whole - left;
    if (left === n) cursor.next();
    else cursor.left = left - n;
    this.#giveBytes(bytes, start, n, literal, from);
    return n;
  }

  #giveBytes(bytes: Uint8Array, start: number, n: number, literal: Uint8Array | null, from: number): void {
    if (this.source.given + n > this.maxBytes) throw this.#tooMany('given');
    this.source.give(bytes, start, n, literal, from);
  }

  #take(bytes: Uint8Array, start: number, took: number, reported: number): number {
    const { sink } = this;
    if (sink.taken + took > this.maxBytes) throw this.#tooMany('taken');
    sink.take(bytes, start, took);
    if (sink.taken >= this.#readAtBytes) {
      this.#readAtBytes = Infinity;
      this.#received(this.#read, this.#readWaker, this.#wakeReader);
    }
    if (sink.taken >= this.#writeAtBytes) {
      this.#writeAtBytes = Infinity;
      this.#received(this.#waiting, this.#writeWaker, this.#wakeWriter);
    }
    return reported;
  }

  /** What a half has waited for is there. */
  #received(cursor: Cursor, waker: Waker | null, wake: () => void): void {
    if (cursor.delayMs >= 0) this.#startTimer(cursor, cursor.delayMs, wake);
    else if (waker !== null) this.#scheduler.wake(waker);
  }

  #startTimer(cursor: Cursor, delayMs: number, wake: () => void): void {
    const { clock } = this.#scheduler;
    cursor.untilMs = clock.timeAfter(delayMs);
    clock.after(delayMs, wake);
  }

  #tooMany(how: 'given' | 'taken'): RunLimitError {
    return new RunLimitError(`${this.maxBytes} bytes ${how} in one direction`, true);
  }

  /** An entry that is no result: PENDING, or READY once there is nothing more to wait for and the next entry counts. */
  #wait(cx: Context, cursor: Cursor, op: number): number {
    switch (op) {
      case Op.WAKE:
        cursor.next();
        this.#scheduler.wake(cx.register());
        return PENDING;
      case Op.SILENT:
        cursor.next();
        return PENDING;
      case Op.WAIT:
        return this.#waitForTime(cx, cursor, cursor.arg);
      case Op.RECEIVED:
        return this.#waitForBytes(cx, cursor);
      default:
        cursor.next();
        throw new ScriptedError(`Scripted error of ${this.label}, ${cursor.call}`);
    }
  }

  #waitForTime(cx: Context, cursor: Cursor, delayMs: number): number {
    const nowMs = this.#scheduler.clock.nowMs();
    if (cursor.untilMs !== -1 && nowMs >= cursor.untilMs) {
      cursor.untilMs = -1;
      cursor.next();
      return READY;
    }
    this.#keepWaker(cx);
    if (cursor.untilMs === -1)
      this.#startTimer(cursor, delayMs, cx.half === 'read' ? this.#wakeReader : this.#wakeWriter);
    return PENDING;
  }

  #waitForBytes(cx: Context, cursor: Cursor): number {
    if (this.sink.taken >= cursor.arg) {
      if (cursor.delayMs >= 0) return this.#waitForTime(cx, cursor, cursor.delayMs);
      cursor.next();
      return READY;
    }
    this.#keepWaker(cx);
    if (cx.half === 'write') this.#waiting = cursor;
    if (cx.half === 'read') this.#readAtBytes = cursor.arg;
    else this.#writeAtBytes = cursor.arg;
    return PENDING;
  }

  #keepWaker(cx: Context): void {
    if (cx.half === 'read') this.#readWaker = cx.register();
    else this.#writeWaker = cx.register();
  }

  #isRefused(cx: Context): boolean {
    const isRefused = cx.budget !== null && !cx.budget.take();
    if (cx.half === 'read') this.readRefused = isRefused;
    else this.writeRefused = isRefused;
    if (isRefused) cx.register().wake();
    return isRefused;
  }
}
