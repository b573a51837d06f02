import { RelayscopeError } from '../errors.ts';

export type StreamErrorCode =
  /** An option is out of its range. */
  | 'STREAM_OPTION_INVALID'
  /** This end was aborted; `cause` is the reason given. */
  | 'STREAM_ABORTED'
  /** `keepAlive`: the peer was asked for a sign of life, as often as it was allowed to stay silent, and gave none. */
  | 'PEER_SILENT'
  /** The other end of a memory pair was aborted; `cause` is the reason given there. */
  | 'PEER_ABORTED'
  /** A write after this end's own shutdown. */
  | 'WRITE_AFTER_SHUTDOWN'
  /** The Duplex or socket reported an error, a reset for one; `cause` is that error. */
  | 'DUPLEX_FAILED'
  /** The Duplex or socket closed before its end of stream, or before all that was written had been sent. */
  | 'DUPLEX_CLOSED'
  /** The Duplex carries objects, or strings in an encoding. */
  | 'DUPLEX_NOT_BYTES'
  /** `fromWebSocket` was given a socket that is closing or closed. */
  | 'WEBSOCKET_NOT_OPEN'
  /**
   * The WebSocket closed otherwise than as an end of stream, or while there was still something to send.
   * `details.closeCode` and `details.closeReason` are as the peer gave them; 1006 when there was no Close frame.
   */
  | 'WEBSOCKET_CLOSED'
  /** The implementation reported an error before any Close; `cause` has what it said. */
  | 'WEBSOCKET_FAILED'
  /** After this end's Close nothing happened for `closeTimeoutMs`. */
  | 'WEBSOCKET_CLOSE_TIMEOUT'
  /** A text message where only binary ones are expected. */
  | 'WEBSOCKET_TEXT_REFUSED'
  /** A message that is neither text nor bytes: `binaryType` was changed behind the stream's back. */
  | 'WEBSOCKET_MESSAGE_INVALID'
  /** More bytes arrived unread than `maxQueuedBytes`, on a WebSocket that cannot be paused (in time). */
  | 'WEBSOCKET_QUEUE_FULL'
  /** `fromWebStreams` was given a stream that somebody else has locked. */
  | 'WEB_STREAM_LOCKED'
  /** The web stream errored; `cause` is what it errored with. */
  | 'WEB_STREAM_FAILED'
  /** A chunk that is no Uint8Array. */
  | 'WEB_STREAM_CHUNK_INVALID';

export interface StreamErrorDetails {
  /** WEBSOCKET_CLOSED: the Close frame's code (RFC 6455, 7.4), 1005 for none in the frame, 1006 for no frame. */
  readonly closeCode?: number;
  /** WEBSOCKET_CLOSED: the Close frame's reason, at most 123 bytes as UTF-8. */
  readonly closeReason?: string;
}

/** What a stream of ours throws: an operating error of the thing underneath, or its wrong use. */
export class StreamError extends RelayscopeError {
  declare readonly code: StreamErrorCode;
  readonly details: StreamErrorDetails;

  constructor(code: StreamErrorCode, message: string, details: StreamErrorDetails = {}, options?: ErrorOptions) {
    super(code, message, options);
    this.details = details;
  }
}
