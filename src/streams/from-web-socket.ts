import { systemClock, type Clock } from '../poll/clock.ts';
import type { PollStream } from '../poll/poll-stream.ts';
import { positiveInteger } from './check-option.ts';
import type { WebSocketLike } from './web-socket-like.ts';
import { WebSocketStream } from './web-socket-stream.ts';

export interface FromWebSocketOptions {
  /**
   * Writes wait while so many bytes are unsent, and a `ws` is paused while so many are unread. Default: 262,144.
   */
  readonly highWaterMarkBytes?: number;
  /** The most that one write makes into one message. Default: 262,144 bytes. */
  readonly maxMessageBytes?: number;
  /**
   * More unread bytes than this fail the stream with WEBSOCKET_QUEUE_FULL. A single message may be larger: its size is
   * for the WebSocket to bound (`maxPayload`). Default: 16,777,216.
   */
  readonly maxQueuedBytes?: number;
  /** Takes text messages as their UTF-8 bytes. Default: false, they fail the stream with WEBSOCKET_TEXT_REFUSED. */
  readonly acceptText?: boolean;
  /**
   * The Close codes that are an end of stream. Any other is WEBSOCKET_CLOSED. Default: 1000 (normal) and 1005 (a Close
   * without a code); not 1001, since who is going away may have had more to say.
   */
  readonly endCodes?: readonly number[];
  /** How long a shutdown waits for the peer's Close while nothing else happens. Default: 30,000. */
  readonly closeTimeoutMs?: number;
  /** How long an abort waits for the peer's Close before it terminates a `ws`. Default: 1,000. */
  readonly abortTimeoutMs?: number;
  /** What the peer is told on abort; cut to 123 bytes of UTF-8. Default: the reason's message. */
  readonly closeReason?: (reason: Error) => string;
  readonly clock?: Clock;
}

/**
 * A WebSocket as a stream of bytes: the global one, undici's, or that of the `ws` package, while it connects or is
 * open. To be called before the first message can arrive: in the turn of the event loop in which the socket was made,
 * or was handed over by its server.
 *
 * Messages are chunks; their boundaries mean nothing, and an empty one is not the end. A WebSocket carries no
 * half-close: `pollShutdown` sends Close 1000, which ends both directions, and is done when the peer has answered.
 * What the peer had still to say is lost with undici and the global WebSocket, and arrives with `ws` if it was already
 * on its way. `abort` sends 1011 (`ws`) or 4011 (the others may not send 1011). docs/streams.md has the table.
 *
 * Throws WEBSOCKET_NOT_OPEN, STREAM_OPTION_INVALID; polls throw WEBSOCKET_CLOSED, WEBSOCKET_FAILED,
 * WEBSOCKET_CLOSE_TIMEOUT, WEBSOCKET_TEXT_REFUSED, WEBSOCKET_MESSAGE_INVALID, WEBSOCKET_QUEUE_FULL, STREAM_ABORTED,
 * WRITE_AFTER_SHUTDOWN. What arrived before a failure is read first.
 *
 * @example
 * const stream = fromWebSocket(new WebSocket('ws://127.0.0.1:8080'));
 */
export function fromWebSocket(socket: WebSocketLike, options: FromWebSocketOptions = {}): PollStream {
  return new WebSocketStream(socket, {
    highWaterMarkBytes: positiveInteger('highWaterMarkBytes', options.highWaterMarkBytes ?? 262_144),
    maxMessageBytes: positiveInteger('maxMessageBytes', options.maxMessageBytes ?? 262_144),
    maxQueuedBytes: positiveInteger('maxQueuedBytes', options.maxQueuedBytes ?? 16_777_216),
    acceptText: options.acceptText ?? false,
    endCodes: options.endCodes ?? [1000, 1005],
    closeTimeoutMs: positiveInteger('closeTimeoutMs', options.closeTimeoutMs ?? 30_000),
    abortTimeoutMs: positiveInteger('abortTimeoutMs', options.abortTimeoutMs ?? 1_000),
    closeReason: options.closeReason ?? ((reason) => reason.message),
    clock: options.clock ?? systemClock,
  });
}
