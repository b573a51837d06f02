import { InvariantError } from '../errors.ts';
import type { CoopBudget } from '../poll/coop-budget.ts';
import { PENDING } from '../poll/pending.ts';
import type { ChunkSlot } from '../poll/poll-stream.ts';
import { Flag, Kind } from '../trace/event-kind.ts';
import type { CopyError } from './copy-error.ts';
import {
  assertionFailed,
  iterationLimit,
  readCountInvalid,
  resultInvalid,
  spinning,
  streamFailed,
  writeCountInvalid,
  writeZero,
} from './copy-failures.ts';
import { isCount, sliceStart } from './count.ts';
import type { PayloadRecorder } from '../trace/payload-recorder.ts';
import type { Recorder } from '../trace/recorder.ts';
import type { Endpoints } from './endpoints.ts';

// Constants of this module are part of the compiled loop; in an imported object they are looked up in each iteration.
const { READ, WRITE, FLUSH } = Kind;
const { READ_DONE, NEED_FLUSH } = Flag;

/**
 * The buffer of one direction and the loop over it, named as in tokio: bytes `pos .. cap` are still to be written.
 * One loop for every dialect; the traits say where they part (dialect-table.ts).
 *
 * What a stream returns is typed as a number and may at run time be anything. The faithful dialects compute with it as
 * a literal port would; only `checked` looks first.
 */
export class CopyBuffer {
  pos = 0;
  cap = 0;
  amt = 0;
  readDone = false;
  needFlush = false;
  /** The flag bits of this direction's records while it is running: put together when one changes, not for each record. */
  flags: number;
  readonly #ends: Endpoints;
  readonly #len: number;
  readonly #recorder: Recorder | null;
  #buf: Uint8Array | null = null;
  /** Where pos 0 lies in #buf: 0, or the start of a chunk that was handed over. */
  #base = 0;
  #given = false;
  /** I/O calls so far: an iteration that makes none, and changes nothing, is a spin. */
  #calls = 0;
  #callsAtStart = 0;
  #madeProgress = false;
  readonly #slot: ChunkSlot = { bytes: new Uint8Array(0), start: 0, end: 0 };

  constructor(ends: Endpoints, bufferBytes: number) {
    this.#ends = ends;
    this.#len = bufferBytes;
    this.#recorder = ends.recorder;
    this.flags = ends.flags;
  }

  /** As it was before the first poll. @param clear also empties the memory, which only a wrong count could make seen. */
  reset(clear: boolean): void {
    this.#reset();
    this.amt = 0;
    this.readDone = false;
    this.needFlush = false;
    this.#mark();
    if (this.#given) this.#buf = null;
    else if (clear) this.#buf?.fill(0);
    this.#base = 0;
    this.#given = false;
  }

  /** One call of the copy: PENDING, or 0 when everything up to the end of the stream is written and flushed. */
  pollCopy(): number {
    const { dialect, readContext } = this.#ends;
    const budget = dialect.takesBudget ? readContext.budget : null;
    if (budget === null) return this.#loop();
    if (!budget.take()) return this.#yield();
    this.#madeProgress = false;
    try {
      return this.#loop();
    } finally {
      this.#settle(budget);
    }
  }

  /** The unit is spent only if some read, write or flush was Ready. */
  #settle(budget: CoopBudget): void {
    if (!this.#madeProgress) budget.giveBack();
  }

  #loop(): number {
    const { dialect, limits } = this.#ends;
    this.#callsAtStart = this.#calls;
    const limit = limits.iterationsPerPoll ?? 0;
    let idle = 0;
    for (let iterations = 1; ; iterations += 1) {
      const callsBefore = this.#calls;
      const posBefore = this.pos;
      const capBefore = this.cap;
      if (this.#wantsToRead()) {
        if (dialect.resetsBeforeRead) this.#reset();
        if (this.#read() === PENDING && (dialect.reads === 'empty' || this.pos === this.cap)) return this.#idleReader();
      }
      if (this.#writeAll() === PENDING) return PENDING;
      if (dialect.debugAssertions && !(this.pos <= this.cap))
        throw assertionFailed(this.#ends.direction, this.pos, this.cap);
      // Recorded before the reset: afterwards nobody could see that the writer had claimed too much.
      const recorder = this.#recorder;
      if (recorder !== null) recorder.loop(this.flags, this.#ends.connection, this.pos, this.cap);
      const written = dialect.resetsAfterWrite || this.pos === this.cap;
      if (dialect.resetsAfterWrite) this.#reset();
      if (this.readDone && written) return this.#flush();
      if (this.#calls === callsBefore && Object.is(this.pos, posBefore) && Object.is(this.cap, capBefore)) {
        idle += 1;
        if (idle === limits.idleIterations) throw spinning(this.#ends.direction, idle);
      } else idle = 0;
      if (this.#isOverBudget()) return this.#yield();
      if (iterations === limit) throw iterationLimit(this.#ends.direction, limit);
    }
  }

  /** Counted in calls, not iterations: a writer that takes a byte at a time makes one iteration very long. */
  #isOverBudget(): boolean {
    return this.#calls - this.#callsAtStart >= this.#ends.dialect.callsPerPoll;
  }

  #wantsToRead(): boolean {
    if (this.readDone) return false;
    return this.#ends.dialect.reads === 'empty' ? this.pos === this.cap : this.cap < this.#len;
  }

  #reset(): void {
    this.pos = 0;
    this.cap = 0;
  }

  /** Wakes itself and gives the other direction, and the event loop, their turn. */
  #yield(): number {
    this.#ends.readContext.register().wake();
    return PENDING;
  }

  /** One read: PENDING, or what was placed. Appends where the dialect does, else begins the buffer anew. */
  #read(): number {
    const { reader, dialect } = this.#ends;
    if (dialect.takesChunks && reader.pollChunk !== undefined) return this.#readChunk();
    const appends = dialect.resetsBeforeRead || dialect.reads === 'room';
    const from = appends ? this.cap : 0;
    const room = this.#len - from;
    const n = this.#pollRead(from);
    this.#record(READ, this.pos, this.cap, n, room);
    if (n === PENDING) return PENDING;
    if (dialect.checksCounts && !isCount(n, 0, room)) throw readCountInvalid(this.#ends.direction, n, room);
    this.#madeProgress = true;
    if (n === 0) {
      this.readDone = true;
      this.#mark();
      return 0;
    }
    if (!appends) this.pos = 0;
    this.cap = from + n;
    return n;
  }

  #pollRead(from: number): number {
    this.#calls += 1;
    const { reader, readContext } = this.#ends;
    this.#buf ??= new Uint8Array(this.#len);
    try {
      return reader.pollRead(readContext, this.#buf, from, this.#len);
    } catch (cause) {
      throw this.#failed(READ, 'read', cause);
    }
  }

  #readChunk(): number {
    this.#calls += 1;
    const { reader, readContext } = this.#ends;
    const slot = this.#slot;
    let n: number;
    try {
      // #read has seen that the method is there.
      n = reader.pollChunk?.(readContext, slot) ?? Number.NaN;
    } catch (cause) {
      throw this.#failed(READ, 'read', cause);
    }
    const room = slot.end - slot.start;
    this.#record(READ | Flag.CHUNK, this.pos, this.cap, n, n === PENDING ? 0 : room);
    if (n === PENDING) return PENDING;
    if (n === 0) {
      this.readDone = true;
      this.#mark();
      return 0;
    }
    const { start, bytes } = slot;
    if (!isCount(start, 0, bytes.byteLength) || !isCount(n, 1, bytes.byteLength - start) || n !== room)
      throw readCountInvalid(this.#ends.direction, n, room);
    this.#buf = slot.bytes;
    this.#base = slot.start;
    this.#given = true;
    this.pos = 0;
    this.cap = n;
    return n;
  }

  /** The reader has nothing and the buffer is empty: the moment to flush what was written. */
  #idleReader(): number {
    if (this.#ends.dialect.flushesWhenIdle && this.needFlush && this.#flush() !== PENDING) {
      this.needFlush = false;
      this.#mark();
    }
    return PENDING;
  }

  #writeAll(): number {
    const { dialect } = this.#ends;
    while (this.pos < this.cap) {
      const offered = this.cap - this.pos;
      const n = this.#pollWrite();
      if (n === PENDING) {
        if (dialect.flushesWhenBlocked && this.needFlush && this.#flush() !== PENDING) {
          // A writer that takes more only after a flush has now been flushed: ask it once more.
          this.needFlush = false;
          this.#mark();
          continue;
        }
        if (dialect.topsUp && !this.readDone && this.cap < this.#len) this.#read();
        return PENDING;
      }
      if (dialect.checksCounts && !isCount(n, 1, offered))
        throw writeCountInvalid(this.#ends.direction, n, offered, this.amt);
      if (n === 0) throw writeZero(this.#ends.direction, offered);
      this.#madeProgress = true;
      this.pos += n;
      this.amt += n;
      this.needFlush = true;
      this.flags |= NEED_FLUSH;
      if (this.pos < this.cap && this.#isOverBudget()) return this.#yield();
    }
    return 0;
  }

  #pollWrite(): number {
    this.#calls += 1;
    const { writer, writeContext } = this.#ends;
    // A direction that writes has read, so the buffer is there; where a wrong count made pos no index, the slice is
    // what `buf.subarray(pos, cap)` would have been.
    const buf = (this.#buf ??= new Uint8Array(this.#len));
    const start = this.pos === this.pos >>> 0 ? this.pos : sliceStart(this.pos, this.cap, this.#len);
    const { payload } = this.#ends;
    // Taken before the call: what is given away is the writer's afterwards.
    const kept = payload === null ? null : this.#offer(payload, buf, start);
    let n: number;
    try {
      n = writer.pollWrite(writeContext, buf, this.#base + start, this.#base + this.cap, this.#given);
    } catch (cause) {
      throw this.#failed(WRITE, 'write', cause);
    }
    if (payload !== null) payload.took(this.#ends.connection, this.#ends.direction, kept, n);
    this.#record(WRITE, this.pos, this.cap, n, this.cap - start);
    return n;
  }

  #offer(payload: PayloadRecorder, buf: Uint8Array, start: number): Uint8Array | null {
    const { connection, direction } = this.#ends;
    return payload.offer(connection, direction, buf, this.#base + start, this.#base + this.cap);
  }

  #flush(): number {
    this.#calls += 1;
    let result: number;
    try {
      result = this.#ends.writer.pollFlush(this.#ends.writeContext);
    } catch (cause) {
      throw this.#failed(FLUSH, 'flush', cause);
    }
    this.#record(FLUSH, this.pos, this.cap, result, 0);
    if (result === PENDING) return PENDING;
    if (this.#ends.dialect.checksCounts && result !== 0) throw resultInvalid(this.#ends.direction, 'flush', result);
    this.#madeProgress = true;
    return 0;
  }

  #failed(kind: number, operation: 'read' | 'write' | 'flush', cause: unknown): CopyError {
    if (cause instanceof InvariantError) throw cause;
    this.#record(kind | Flag.FAILED, this.pos, this.cap, 0, 0);
    return streamFailed(this.#ends.direction, operation, cause);
  }

  #mark(): void {
    this.flags = this.#ends.flags | (this.readDone ? READ_DONE : 0) | (this.needFlush ? NEED_FLUSH : 0);
  }

  #record(kind: number, pos: number, cap: number, n: number, offered: number): void {
    this.#recorder?.event(kind | this.flags, this.#ends.connection, pos, cap, n, offered);
  }
}
