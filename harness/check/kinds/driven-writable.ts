import type { Duplex } from 'node:stream';
import type { Context } from '../../../src/poll/context.ts';
import { copyBytes } from '../../../src/streams/copy-bytes.ts';
import { writeAfterShutdown } from '../../../src/streams/stream-failures.ts';
import { WakeSlot } from '../../../src/streams/wake-slot.ts';
import { LawBroken, type StreamCall } from '../breach.ts';
import type { StreamLaw } from '../stream-law.ts';

/** A Duplex takes every chunk whole, so none is offered that would by itself be more than it asks for. */
const CHUNK_BYTES_MAX = 16_384;

/** The writing half of a Duplex under test. */
export class DrivenWritable {
  readonly #duplex: Duplex;
  readonly #waiting = new WakeSlot();
  /** Whether its `write` takes a callback. One of another library need not, and then nothing tells when it is flushed. */
  readonly #callsBack: boolean;
  #needsDrain = false;
  /** How often 'drain' came before `write()` had returned. */
  #drainsWithin = 0;
  /** Writes whose callback has not come. */
  #unflushed = 0;
  #isEnding = false;
  #hasFinished = false;
  /** `write()` has not returned yet: nothing that answers it may have come. */
  #isWriting = false;
  #failure: Error | null = null;

  constructor(duplex: Duplex, callsBack: boolean) {
    this.#duplex = duplex;
    this.#callsBack = callsBack;
    duplex.on('drain', () => {
      // Who is told to wait only afterwards has missed it.
      if (this.#isWriting) this.#drainsWithin += 1;
      this.#needsDrain = false;
      this.#waiting.wake();
    });
    duplex.on('finish', () => {
      this.#onFinish();
    });
  }

  /** The chunk is given away: Node says of no callback that the memory is free again. */
  write(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    if (this.#failure !== null) throw this.#failure;
    // Not asked of the Duplex itself, which by Node's contract may be destroyed by it.
    if (this.#isEnding || this.#hasFinished) throw writeAfterShutdown(end - start);
    if (start === end) return 0;
    if (this.#needsDrain) return this.#waiting.wait(cx);
    const n = Math.min(end - start, CHUNK_BYTES_MAX);
    const chunk = Buffer.from(copyBytes(bytes, start, start + n).buffer);
    let result: unknown;
    const drainsBefore = this.#drainsWithin;
    this.#isWriting = true;
    try {
      result = this.#callsBack ? this.#duplex.write(chunk, this.#callback()) : this.#duplex.write(chunk);
      if (result === false && this.#drainsWithin > drainsBefore) this.#outOf("'drain'");
    } finally {
      this.#isWriting = false;
    }
    if (typeof result !== 'boolean') {
      throw new LawBroken('counts', 'pollWrite', `write() returned ${String(result)}: expected true or false`);
    }
    this.#needsDrain = !result;
    return n;
  }

  /** Done when every write has been called back. */
  flush(cx: Context): number {
    if (this.#failure instanceof LawBroken) throw this.#failure;
    if (this.#hasFinished) return 0;
    if (this.#failure !== null) throw this.#failure;
    return this.#unflushed === 0 ? 0 : this.#waiting.wait(cx);
  }

  end(cx: Context): number {
    if (this.#failure instanceof LawBroken) throw this.#failure;
    if (this.#hasFinished) return 0;
    if (this.#failure !== null) throw this.#failure;
    if (!this.#isEnding) {
      this.#isEnding = true;
      // A Duplex of an older kind says that it has finished before end() returns.
      this.#duplex.end();
    }
    return this.#isFinished() ? 0 : this.#waiting.wait(cx);
  }

  /** By a method: what a call has changed meanwhile is not seen through a property that was looked at before it. */
  #isFinished(): boolean {
    return this.#hasFinished;
  }

  fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting.wake();
  }

  close(): void {
    if (!this.#hasFinished) this.fail(new Error("Duplex closed before its 'finish'"));
  }

  #callback(): (error?: Error | null) => void {
    this.#unflushed += 1;
    let isCalled = false;
    return (error) => {
      if (this.#isWriting) this.#outOf('the callback of a write');
      if (isCalled) this.#break('counts', 'pollWrite', 'The callback of a write was called twice: expected once');
      isCalled = true;
      this.#unflushed -= 1;
      // An 'error' follows, but need not come before the next poll.
      if (error instanceof Error) this.fail(error);
      else this.#waiting.wake();
    };
  }

  #onFinish(): void {
    if (this.#unflushed > 0) {
      const writes = this.#unflushed === 1 ? 'the callback of a write' : `the callbacks of ${this.#unflushed} writes`;
      this.#break('flush', 'pollFlush', `'finish' came before ${writes}: expected it after all of them`);
    }
    this.#hasFinished = true;
    this.#waiting.wake();
  }

  #outOf(what: string): void {
    this.#break('re-entrancy', 'pollWrite', `${what} came before write() had returned: expected it after that`);
  }

  #break(law: StreamLaw, call: StreamCall, message: string): void {
    if (!(this.#failure instanceof LawBroken)) this.#failure = new LawBroken(law, call, message);
    this.#waiting.wake();
  }
}

/** Node's streams, and those of readable-stream in any version, count the callbacks that they owe; streams of another make have none. */
export function callsBack(duplex: Duplex): boolean {
  const { _writableState: state } = duplex as { _writableState?: { pendingcb?: unknown } };
  return typeof state?.pendingcb === 'number';
}
