import type { Duplex } from 'node:stream';
import { types } from 'node:util';
import type { Context } from '../../../src/poll/context.ts';
import { ChunkQueue } from '../../../src/streams/chunk-queue.ts';
import { WakeSlot } from '../../../src/streams/wake-slot.ts';
import { LawBroken } from '../breach.ts';
import type { StreamLaw } from '../stream-law.ts';
import { ClosedEarly } from './closed-early.ts';

/** The reading half of a Duplex under test. */
export class DrivenReadable {
  readonly #duplex: Duplex;
  readonly #flows: boolean;
  readonly #queue = new ChunkQueue();
  readonly #waiting = new WakeSlot();
  #isStarted = false;
  #hasEnded = false;
  /** What the next poll throws when nothing is left to read: an error of the stream's, or a breach that was seen. */
  #failure: Error | null = null;

  constructor(duplex: Duplex, flows: boolean) {
    this.#duplex = duplex;
    this.#flows = flows;
    duplex.on('end', () => {
      if (this.#hasEnded) this.#break('end', "'end' came twice: expected it once");
      this.#hasEnded = true;
      this.#waiting.wake();
    });
  }

  read(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    if (start === end) return 0;
    if (this.#queue.bytes === 0 && this.#isStarted && !this.#flows && !this.#hasEnded) this.#take(this.#duplex.read());
    this.#throwIfBroken();
    if (this.#queue.bytes > 0) return this.#queue.copyInto(bytes, start, end);
    if (this.#hasEnded) return 0;
    if (this.#failure !== null) throw this.#failure;
    // First, for either may tell at once what there is.
    const pending = this.#waiting.wait(cx);
    if (!this.#isStarted) this.#start();
    else if (this.#flows) this.#duplex.resume();
    return pending;
  }

  #throwIfBroken(): void {
    if (this.#failure instanceof LawBroken) throw this.#failure;
  }

  fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting.wake();
  }

  close(): void {
    if (!this.#hasEnded) this.fail(new ClosedEarly());
  }

  #start(): void {
    this.#isStarted = true;
    if (this.#flows) this.#duplex.on('data', this.#onData);
    else this.#duplex.on('readable', this.#onReadable);
    // Who was paused when it was handed over does not begin to flow for a listener alone.
    if (this.#flows) this.#duplex.resume();
  }

  readonly #onReadable = (): void => {
    this.#waiting.wake();
  };

  readonly #onData = (chunk: unknown): void => {
    this.#take(chunk);
    this.#duplex.pause();
    this.#waiting.wake();
  };

  #take(chunk: unknown): void {
    if (chunk === null) return;
    if (!types.isUint8Array(chunk)) {
      const what = Object.prototype.toString.call(chunk).slice(8, -1);
      this.#break('counts', `Duplex gave a chunk of type ${what}: expected bytes`);
      return;
    }
    if (this.#hasEnded && chunk.byteLength > 0) this.#break('end', `${chunk.byteLength} bytes came after 'end'`);
    this.#queue.push(chunk);
  }

  /** For the next poll: an event has nobody to tell. */
  #break(law: StreamLaw, message: string): void {
    if (!(this.#failure instanceof LawBroken)) this.#failure = new LawBroken(law, 'pollRead', message);
    this.#waiting.wake();
  }
}
