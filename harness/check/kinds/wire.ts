import type { Context } from '../../../src/poll/context.ts';
import type { ChunkSlot, PollStream } from '../../../src/poll/poll-stream.ts';
import { MemoryPipe } from '../../../src/streams/memory-pipe.ts';
import { StreamError } from '../../../src/streams/stream-error.ts';

/** Both ends of a connection in memory, with so many bytes on their way in each direction at the most. */
export function wire(capacityBytes: number): [WireEnd, WireEnd] {
  const there = new MemoryPipe(capacityBytes);
  const back = new MemoryPipe(capacityBytes);
  return [new WireEnd(back, there), new WireEnd(there, back)];
}

/** As an end of a memory pair is, and can be closed as a socket is. */
export class WireEnd implements PollStream {
  readonly #incoming: MemoryPipe;
  readonly #outgoing: MemoryPipe;

  constructor(incoming: MemoryPipe, outgoing: MemoryPipe) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    return start === end ? 0 : this.#incoming.read(cx, bytes, start, end);
  }

  pollChunk(cx: Context, slot: ChunkSlot): number {
    return this.#incoming.readChunk(cx, slot);
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    return this.#outgoing.write(cx, bytes, start, end, given);
  }

  pollFlush(): number {
    return this.#outgoing.flush();
  }

  pollShutdown(cx: Context): number {
    return this.#outgoing.end(cx);
  }

  /** What is on its way arrives, and then an end; what the other end writes from now on fails there. */
  close(cx: Context): void {
    const gone = new StreamError('PEER_ABORTED', 'Connection was closed by its peer');
    this.#incoming.fail(gone, gone);
    try {
      this.#outgoing.end(cx);
    } catch {
      // It has failed before, which both ends know.
    }
  }

  abort(reason: Error): void {
    const error = new StreamError('PEER_ABORTED', `Peer aborted: ${reason.message}`, {}, { cause: reason });
    this.#incoming.fail(error, error);
    this.#outgoing.fail(error, error);
  }
}
