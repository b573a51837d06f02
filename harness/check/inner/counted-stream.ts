import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { ChunkSlot, PollStream } from '../../../src/poll/poll-stream.ts';

/** A stream, and how many bytes it has given and taken by its own counts. What those are worth is for the laws to say. */
export class CountedStream implements PollStream {
  given = 0;
  taken = 0;
  declare readonly pollChunk?: (cx: Context, slot: ChunkSlot) => number;
  readonly #stream: PollStream;

  constructor(stream: PollStream) {
    this.#stream = stream;
    if (stream.pollChunk !== undefined) {
      this.pollChunk = (cx, slot) => this.#gave(stream.pollChunk?.(cx, slot) ?? Number.NaN);
    }
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    return this.#gave(this.#stream.pollRead(cx, bytes, start, end));
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    const n = this.#stream.pollWrite(cx, bytes, start, end, given);
    if (n !== PENDING) this.taken += n;
    return n;
  }

  pollFlush(cx: Context): number {
    return this.#stream.pollFlush(cx);
  }

  pollShutdown(cx: Context): number {
    return this.#stream.pollShutdown(cx);
  }

  abort(reason: Error): void {
    this.#stream.abort?.(reason);
  }

  #gave(n: number): number {
    if (n !== PENDING) this.given += n;
    return n;
  }
}
