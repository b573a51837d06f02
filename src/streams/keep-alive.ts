import { systemClock, type Clock } from '../poll/clock.ts';
import type { Context, Waker } from '../poll/context.ts';
import { PENDING } from '../poll/pending.ts';
import type { ChunkSlot, PollStream } from '../poll/poll-stream.ts';
import { Kind, SocketState } from '../trace/event-kind.ts';
import { positiveInteger } from './check-option.ts';
import { StreamError } from './stream-error.ts';

export interface KeepAliveOptions {
  /** Asks the peer for a sign of life, a ping for one, and calls `answered` (the same function each time) when it has given it. */
  readonly ask: (answered: () => void) => void;
  /** A peer of which nothing has come for so long (at the most twice so long) is asked, and asked again. Default: 15000. */
  readonly everyMs?: number;
  /** After so many questions in a row to which nothing came, reads fail with PEER_SILENT. Default: it goes on asking. */
  readonly giveUpAfter?: number;
  readonly clock?: Clock;
}

const EVERY_MS = 15_000;

/**
 * A stream that asks its peer whether it is still there while a copy waits for it: on a connection that nobody has closed,
 * silence alone does not tell. Its questions and their answers are part of the trace.
 *
 * Throws STREAM_OPTION_INVALID for a wrong number.
 *
 * @example
 * const ask = (answered: () => void) => ws.off('pong', answered).once('pong', answered).ping();
 * await copyBidirectional(fromSocket(inbound), keepAlive(fromWebSocket(ws), { ask, giveUpAfter: 2 }));
 */
export function keepAlive(stream: PollStream, options: KeepAliveOptions): PollStream {
  return new KeepAliveStream(stream, options);
}

class KeepAliveStream implements PollStream {
  readonly #inner: PollStream;
  readonly #ask: KeepAliveOptions['ask'];
  readonly #everyMs: number;
  readonly #giveUpAfter: number;
  readonly #clock: Clock;
  #waker: Waker | null = null;
  #cancel: (() => void) | null = null;
  /** Something has come since the timer was set. */
  #hasHeard = false;
  #hasAnswered = false;
  #isDue = false;
  #isOver = false;
  #unanswered = 0;

  constructor(inner: PollStream, { ask, everyMs = EVERY_MS, giveUpAfter, clock = systemClock }: KeepAliveOptions) {
    this.#inner = inner;
    this.#ask = ask;
    this.#everyMs = positiveInteger('everyMs', everyMs);
    this.#giveUpAfter = giveUpAfter === undefined ? Infinity : positiveInteger('giveUpAfter', giveUpAfter);
    this.#clock = clock;
    // Who copies chunks asks whether the method is there.
    if (inner.pollChunk !== undefined) {
      this.pollChunk = (cx, slot) => this.#read(cx, () => inner.pollChunk?.(cx, slot) ?? Number.NaN);
    }
  }

  declare pollChunk?: (cx: Context, slot: ChunkSlot) => number;

  get label(): string | undefined {
    return this.#inner.label;
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    return this.#read(cx, () => this.#inner.pollRead(cx, bytes, start, end));
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    return this.#inner.pollWrite(cx, bytes, start, end, given);
  }

  pollFlush(cx: Context): number {
    return this.#inner.pollFlush(cx);
  }

  pollShutdown(cx: Context): number {
    return this.#inner.pollShutdown(cx);
  }

  abort(reason: Error): void {
    this.#end();
    this.#inner.abort?.(reason);
  }

  #read(cx: Context, read: () => number): number {
    let n: number;
    try {
      n = read();
    } catch (error) {
      this.#end();
      throw error;
    }
    if (n === PENDING) this.#wait(cx);
    else if (n === 0) this.#end();
    else this.#heard();
    return n;
  }

  #wait(cx: Context): void {
    if (this.#hasAnswered) {
      this.#hasAnswered = false;
      cx.note?.(Kind.SOCKET, SocketState.ANSWERED, 0);
    }
    if (this.#isOver) return;
    if (this.#isDue) {
      this.#isDue = false;
      if (this.#unanswered >= this.#giveUpAfter) throw this.#silent();
      this.#unanswered += 1;
      cx.note?.(Kind.SOCKET, SocketState.ASKED, 0);
      this.#ask(this.#answered);
    }
    if (this.#cancel === null) this.#arm(cx.register());
  }

  #heard(): void {
    this.#hasHeard = true;
    this.#isDue = false;
    this.#unanswered = 0;
  }

  // The poll that it leads to tells the trace.
  readonly #answered = (): void => {
    if (this.#isOver) return;
    this.#heard();
    this.#hasAnswered = true;
    this.#waker?.wake();
  };

  #arm(waker: Waker): void {
    this.#waker = waker;
    this.#hasHeard = false;
    this.#cancel = this.#clock.after(this.#everyMs, () => {
      this.#cancel = null;
      if (this.#hasHeard) this.#arm(waker);
      else {
        this.#isDue = true;
        waker.wake();
      }
    });
  }

  #end(): void {
    this.#isOver = true;
    this.#cancel?.();
    this.#cancel = null;
  }

  #silent(): StreamError {
    this.#end();
    const asked = this.#unanswered === 1 ? 'once' : `${this.#unanswered} times`;
    const message = `Peer is silent: expected a sign of life, got none after it was asked ${asked}, every ${this.#everyMs} ms`;
    return new StreamError('PEER_SILENT', message);
  }
}
