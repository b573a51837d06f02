import { streamFailed } from '../../../src/copy/copy-failures.ts';
import type { TransferState } from '../../../src/copy/transfer.ts';
import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { Flag, Kind } from '../../../src/trace/event-kind.ts';
import type { Recorder } from '../../../src/trace/recorder.ts';

/**
 * What is lost between two polls, because it stood in a variable of the first: where a blocked write was to be resumed, the
 * slice that was to be written, that the reader has ended, that the direction is done.
 */
export type Forgotten = 'place' | 'slice' | 'end' | 'done';

export interface PumpParts {
  readonly reader: PollStream;
  readonly readContext: Context;
  readonly writer: PollStream;
  readonly writeContext: Context;
  readonly recorder: Recorder | null;
  readonly connection: number;
  readonly bufferBytes: number;
}

const { READ, WRITE, FLUSH, SHUTDOWN, STATE } = Kind;
const RUNNING = 0;
const SHUTTING_DOWN = 1;
const DONE = 2;

/** WRONG, on purpose: one direction of a copy that forgets something whenever it has to wait. */
export class ForgetfulPump {
  amt = 0;
  readonly #forgotten: Forgotten;
  readonly #parts: PumpParts;
  readonly #buffer: Uint8Array;
  #pos = 0;
  #cap = 0;
  #hasEnded = false;
  #needFlush = false;
  #state = RUNNING;

  constructor(forgotten: Forgotten, parts: PumpParts) {
    this.#forgotten = forgotten;
    this.#parts = parts;
    this.#buffer = new Uint8Array(parts.bufferBytes);
  }

  get state(): TransferState {
    if (this.#state === RUNNING) return { kind: 'running' };
    return { kind: this.#state === DONE ? 'done' : 'shutting-down', amt: this.amt };
  }

  reset(): void {
    this.amt = 0;
    this.#pos = 0;
    this.#cap = 0;
    this.#hasEnded = false;
    this.#needFlush = false;
    this.#state = RUNNING;
    this.#buffer.fill(0);
  }

  /** PENDING, or 0 when this direction is done. */
  poll(): number {
    this.#forget();
    if (this.#state === DONE && this.#forgotten !== 'done') return 0;
    if (this.#state === RUNNING) {
      if (this.#copy() === PENDING || this.#flush() === PENDING) return PENDING;
      this.#become(SHUTTING_DOWN);
    }
    if (this.#shutdown() === PENDING) return PENDING;
    if (this.#state !== DONE) this.#become(DONE);
    return 0;
  }

  #forget(): void {
    const isBlocked = this.#pos < this.#cap;
    if (this.#forgotten === 'end') this.#hasEnded = false;
    else if (this.#forgotten === 'place' && isBlocked) this.#pos = 0;
    else if (this.#forgotten === 'slice' && isBlocked) this.#pos = this.#cap;
  }

  /** Up to the end of the reader. */
  #copy(): number {
    for (;;) {
      if (this.#pos === this.#cap) {
        if (this.#hasEnded) return 0;
        if (this.#read() === PENDING) {
          if (this.#needFlush) this.#flush();
          return PENDING;
        }
      }
      while (this.#pos < this.#cap) if (this.#write() === PENDING) return PENDING;
      this.#parts.recorder?.loop(this.#flags(), this.#parts.connection, this.#pos, this.#cap);
    }
  }

  #read(): number {
    const { reader, readContext, bufferBytes } = this.#parts;
    const n = this.#call(READ, 'read', bufferBytes, () => reader.pollRead(readContext, this.#buffer, 0, bufferBytes));
    if (n === PENDING) return PENDING;
    this.#hasEnded = n === 0;
    this.#pos = 0;
    this.#cap = n;
    return n;
  }

  #write(): number {
    const { writer, writeContext } = this.#parts;
    const offered = this.#cap - this.#pos;
    const n = this.#call(WRITE, 'write', offered, () =>
      writer.pollWrite(writeContext, this.#buffer, this.#pos, this.#cap, false),
    );
    if (n === PENDING) return PENDING;
    this.#pos += n;
    this.amt += n;
    this.#needFlush = true;
    return n;
  }

  #flush(): number {
    const { writer, writeContext } = this.#parts;
    const result = this.#call(FLUSH, 'flush', 0, () => writer.pollFlush(writeContext));
    if (result !== PENDING) this.#needFlush = false;
    return result;
  }

  #shutdown(): number {
    const { writer, writeContext } = this.#parts;
    return this.#call(SHUTDOWN, 'shutdown', 0, () => writer.pollShutdown(writeContext));
  }

  #become(state: number): void {
    this.#state = state;
    this.#record(STATE, this.amt, 0);
  }

  #call(kind: number, name: 'read' | 'write' | 'flush' | 'shutdown', offered: number, poll: () => number): number {
    let n: number;
    try {
      n = poll();
    } catch (cause) {
      this.#record(kind | Flag.FAILED, 0, 0);
      throw streamFailed(this.#parts.readContext.direction, name, cause);
    }
    this.#record(kind, n, offered);
    return n;
  }

  #record(kind: number, n: number, offered: number): void {
    this.#parts.recorder?.event(kind | this.#flags(), this.#parts.connection, this.#pos, this.#cap, n, offered);
  }

  #flags(): number {
    const isDown = this.#parts.readContext.direction === 'b -> a';
    const places = (this.#hasEnded ? Flag.READ_DONE : 0) | (this.#needFlush ? Flag.NEED_FLUSH : 0);
    return (isDown ? Flag.B_TO_A : 0) | places | (this.#state << Flag.STATE_SHIFT);
  }
}
