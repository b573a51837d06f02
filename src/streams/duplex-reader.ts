import type { Duplex } from 'node:stream';
import type { Context } from '../poll/context.ts';
import type { ChunkSlot } from '../poll/poll-stream.ts';
import { Kind, SocketState } from '../trace/event-kind.ts';
import { ChunkQueue } from './chunk-queue.ts';
import { stateOf } from './socket-state-of.ts';
import { StreamError } from './stream-error.ts';
import { READER_SLOT, WakeSlot } from './wake-slot.ts';

/**
 * The reading half of a Duplex: what its 'data' events bring, queued until it is polled.
 *
 * Nothing is taken out of the Duplex before the first poll. The queue is bounded by pausing the Duplex, which then fills
 * its own buffer and stops in turn.
 */
export class DuplexReader {
  readonly #duplex: Duplex;
  readonly #highWaterBytes: number;
  readonly #queue = new ChunkQueue();
  readonly #waiting = new WakeSlot(READER_SLOT);
  #isStarted = false;
  #isPaused = false;
  #hasEnded: boolean;
  #failure: StreamError | null = null;

  constructor(duplex: Duplex, highWaterBytes: number) {
    this.#duplex = duplex;
    this.#highWaterBytes = highWaterBytes;
    this.#hasEnded = duplex.readableEnded;
    duplex.on('end', () => {
      this.#hasEnded = true;
      this.#waiting.note(Kind.SOCKET, SocketState.ENDED);
      this.#waiting.wake();
    });
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    if (this.#queue.bytes === 0) return this.#nothing(cx);
    const n = this.#queue.copyInto(bytes, start, end);
    this.#resumeIfLow();
    return n;
  }

  pollChunk(cx: Context, slot: ChunkSlot): number {
    if (this.#queue.bytes === 0) return this.#nothing(cx);
    const n = this.#queue.take(slot);
    this.#resumeIfLow();
    return n;
  }

  /** What has arrived is still handed over; after it comes the failure, never an end of stream. */
  fail(failure: StreamError): void {
    if (this.#failure === null) this.#waiting.note(Kind.SOCKET, stateOf(failure));
    this.#failure ??= failure;
    this.#waiting.wake();
  }

  /** As `fail`, and what has arrived is dropped. */
  abort(failure: StreamError): void {
    this.#failure = failure;
    this.#hasEnded = false;
    this.#queue.clear();
    this.#waiting.wake();
  }

  #nothing(cx: Context): number {
    if (this.#hasEnded) return 0;
    if (this.#failure !== null) throw this.#failure;
    if (!this.#isStarted) this.#start();
    return this.#waiting.wait(cx);
  }

  #start(): void {
    this.#isStarted = true;
    this.#duplex.on('data', this.#onData);
    // A Duplex that its owner had paused does not begin to flow for a listener alone.
    this.#duplex.resume();
  }

  // Out of object mode, which fromDuplex has refused, only an encoding that is set later makes chunks other than bytes.
  readonly #onData = (chunk: Uint8Array | string): void => {
    if (typeof chunk === 'string') {
      const failure = new StreamError('DUPLEX_NOT_BYTES', 'Wrong chunk from the Duplex: expected bytes, got: a string');
      this.fail(failure);
      this.#duplex.destroy(failure);
      return;
    }
    this.#queue.push(chunk);
    if (this.#queue.bytes >= this.#highWaterBytes && !this.#isPaused) {
      this.#isPaused = true;
      this.#waiting.note(Kind.QUEUE, this.#queue.bytes, this.#highWaterBytes);
      this.#duplex.pause();
    }
    this.#waiting.wake();
  };

  /** Says of a chunk that nobody else has its memory, where that is known. */
  #resumeIfLow(): void {
    if (!this.#isPaused || this.#queue.bytes * 2 > this.#highWaterBytes) return;
    this.#isPaused = false;
    this.#duplex.resume();
  }
}
