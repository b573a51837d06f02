import type { Context } from '../poll/context.ts';
import type { ChunkSlot, PollStream } from '../poll/poll-stream.ts';
import { positiveInteger } from './check-option.ts';
import { MemoryPipe } from './memory-pipe.ts';
import { StreamError } from './stream-error.ts';
import { streamAborted } from './stream-failures.ts';

export interface MemoryPairOptions {
  /** How many bytes may lie in each direction between a write and the read that takes them. Default: 65,536. */
  readonly highWaterMarkBytes?: number;
}

/**
 * Two streams joined in memory: what is written to one is read from the other. Each direction ends on its own
 * (half-close); `abort` on one end makes the other throw PEER_ABORTED.
 *
 * Throws STREAM_OPTION_INVALID for a high-water mark that is no positive integer.
 *
 * @example
 * const [client, inbound] = memoryPair();
 * const [outbound, server] = memoryPair();
 * const copied = copyBidirectional(inbound, outbound);
 */
export function memoryPair(options: MemoryPairOptions = {}): [PollStream, PollStream] {
  const highWaterMarkBytes = positiveInteger('highWaterMarkBytes', options.highWaterMarkBytes ?? 65_536);
  const there = new MemoryPipe(highWaterMarkBytes);
  const back = new MemoryPipe(highWaterMarkBytes);
  return [new MemoryStream(back, there), new MemoryStream(there, back)];
}

class MemoryStream implements PollStream {
  readonly #incoming: MemoryPipe;
  readonly #outgoing: MemoryPipe;

  constructor(incoming: MemoryPipe, outgoing: MemoryPipe) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    // A read with no room is no end of the stream, nor may it take the end from a later one.
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

  abort(reason: Error): void {
    const here = streamAborted(reason);
    const there = new StreamError('PEER_ABORTED', `Peer aborted: ${reason.message}`, {}, { cause: reason });
    this.#incoming.fail(here, there);
    this.#outgoing.fail(there, here);
  }
}
