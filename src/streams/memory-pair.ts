import type { PollStream } from '../poll/poll-stream.ts';
import { positiveInteger } from './check-option.ts';
import { MemoryPipe } from './memory-pipe.ts';
import { MemoryStream } from './memory-stream.ts';

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
