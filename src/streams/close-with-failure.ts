import type { Clock } from '../poll/clock.ts';
import { closeReason } from './close-reason.ts';
import { isNodeWebSocket, ReadyState, type WebSocketLike } from './web-socket-like.ts';

/** RFC 6455, 7.4.1: an unexpected condition. */
const UNEXPECTED_CONDITION = 1011;
/** The W3C's WebSocket lets its user send 1000 and 3000 … 4999 only: 1011 in the range for private use. */
const UNEXPECTED_CONDITION_PRIVATE = 4011;

/**
 * Ends a WebSocket so that its peer can tell it from an end of stream: by a Close that says failure. Where that Close
 * would have to queue behind data, or is not answered within `timeoutMs`, a `ws` is terminated, which the peer sees as
 * 1006. The W3C's cannot be terminated: it goes when its peer does.
 *
 * @returns what cancels the wait, for when the WebSocket has closed.
 */
export function closeWithFailure(
  socket: WebSocketLike,
  reason: string,
  clock: Clock,
  timeoutMs: number,
): (() => void) | null {
  if (!isNodeWebSocket(socket)) {
    socket.close(UNEXPECTED_CONDITION_PRIVATE, closeReason(reason));
    return null;
  }
  if (socket.readyState !== ReadyState.OPEN || socket.bufferedAmount > 0) {
    socket.terminate();
    return null;
  }
  socket.close(UNEXPECTED_CONDITION, closeReason(reason));
  return clock.after(timeoutMs, () => {
    socket.terminate();
  });
}
