import type { Context } from '../poll/context.ts';
import type { ChunkSlot, PollStream } from '../poll/poll-stream.ts';
import type { MemoryPipe } from './memory-pipe.ts';
import { StreamError } from './stream-error.ts';
import { streamAborted } from './stream-failures.ts';

/** One end of two pipes. */
export class MemoryStream implements PollStream {
  protected readonly incoming: MemoryPipe;
  protected readonly outgoing: MemoryPipe;

  constructor(incoming: MemoryPipe, outgoing: MemoryPipe) {
    this.incoming = incoming;
    this.outgoing = outgoing;
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    // A read with no room is no end of the stream, nor may it take the end from a later one.
    return start === end ? 0 : this.incoming.read(cx, bytes, start, end);
  }

  pollChunk(cx: Context, slot: ChunkSlot): number {
    return this.incoming.readChunk(cx, slot);
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    return this.outgoing.write(cx, bytes, start, end, given);
  }

  pollFlush(): number {
    return this.outgoing.flush();
  }

  pollShutdown(cx: Context): number {
    return this.outgoing.end(cx);
  }

  abort(reason: Error): void {
    const here = streamAborted(reason);
    const there = new StreamError('PEER_ABORTED', `Peer aborted: ${reason.message}`, {}, { cause: reason });
    this.incoming.fail(here, there);
    this.outgoing.fail(there, here);
  }
}
