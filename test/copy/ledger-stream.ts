import type { Context } from '../../src/poll/context.ts';
import { PENDING } from '../../src/poll/pending.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';

/** How a stream behaves, call by call: so many bytes at the most, or Pending with a wake. Used up: all there is. */
export interface Behaviour {
  readonly read: readonly (number | 'p')[];
  readonly write: readonly (number | 'p')[];
  readonly flush: readonly ('ok' | 'p')[];
  readonly shutdown: readonly ('ok' | 'p')[];
}

/** A well-behaved stream that keeps a ledger of its own: what was really read from it, and really written to it. */
export class LedgerStream implements PollStream {
  readonly written: number[] = [];
  flushedTo = 0;
  ended = false;
  #read = 0;
  readonly #source: Uint8Array;
  readonly #next = { read: 0, write: 0, flush: 0, shutdown: 0 };
  readonly #behaviour: Behaviour;

  constructor(source: Uint8Array, behaviour: Behaviour) {
    this.#source = source;
    this.#behaviour = behaviour;
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    const most = this.#take('read', end - start);
    if (most === 'p') return wakeAndWait(cx);
    const n = Math.min(most, end - start, this.#source.length - this.#read);
    bytes.set(this.#source.subarray(this.#read, this.#read + n), start);
    this.#read += n;
    return n;
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    if (this.ended) throw new Error('Written to after the end');
    const most = this.#take('write', end - start);
    if (most === 'p') return wakeAndWait(cx);
    const n = Math.min(most, end - start);
    this.written.push(...bytes.subarray(start, start + n));
    return n;
  }

  pollFlush(cx: Context): number {
    if (this.#take('flush', 1) === 'p') return wakeAndWait(cx);
    this.flushedTo = this.written.length;
    return 0;
  }

  pollShutdown(cx: Context): number {
    if (this.#take('shutdown', 1) === 'p') return wakeAndWait(cx);
    this.ended = true;
    return 0;
  }

  #take(call: keyof Behaviour, all: number): number | 'p' {
    const entry = this.#behaviour[call][this.#next[call]] ?? all;
    this.#next[call] += 1;
    return entry === 'ok' ? all : entry;
  }
}

function wakeAndWait(cx: Context): number {
  cx.register().wake();
  return PENDING;
}
