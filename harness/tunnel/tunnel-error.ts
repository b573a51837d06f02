import { RelayscopeError } from '../../src/errors.ts';

export type TunnelErrorCode =
  /** A message that is none: unknown kind, text, empty, too long a reason, anything after the end. */
  | 'TUNNEL_MESSAGE_INVALID'
  /** A message longer than `maxMessageBytes`. */
  | 'TUNNEL_MESSAGE_TOO_LONG'
  /** The WebSocket closed, or its connection was lost, before both directions had ended. */
  | 'TUNNEL_CLOSED_EARLY'
  /** The peer gave up, and said why. */
  | 'TUNNEL_ABORTED'
  /** The WebSocket itself failed; `cause` is what it said. */
  | 'TUNNEL_SOCKET_FAILED'
  /** The token is missing or wrong. */
  | 'TUNNEL_TOKEN_WRONG'
  /** The upgrade request names no target that could be dialled. */
  | 'TUNNEL_TARGET_INVALID'
  /** The target's address is not among the allowed ones. */
  | 'TUNNEL_TARGET_FORBIDDEN'
  /** The target's name has no address. */
  | 'TUNNEL_NAME_NOT_FOUND'
  /** The target did not accept the connection; `cause` is the system's error. */
  | 'TUNNEL_DIAL_FAILED'
  /** The target did not answer in time. */
  | 'TUNNEL_DIAL_TIMEOUT'
  /** The server holds as many connections as it may. */
  | 'TUNNEL_FULL'
  /** No tunnel server answered; `cause` is the system's error. */
  | 'TUNNEL_UNREACHABLE'
  /** What answered is no tunnel server, or refused for a reason it did not name. */
  | 'TUNNEL_REFUSED'
  /** The other side hung up, or the tunnel was closed, before the connection was set up. */
  | 'TUNNEL_CANCELLED'
  /** An address could not be listened on; `cause` is the system's error. */
  | 'TUNNEL_LISTEN_FAILED'
  /** An allowed destination, a token or a URL that makes no sense. */
  | 'TUNNEL_OPTION_INVALID';

const MAX_MESSAGE_CHARS = 500;

/** What went wrong in a tunnel, on either side. */
export class TunnelError extends RelayscopeError {
  declare readonly code: TunnelErrorCode;

  constructor(code: TunnelErrorCode, message: string, options?: ErrorOptions) {
    // Parts of it may come from a peer, and it will be shown on a terminal.
    super(code, printable(message, MAX_MESSAGE_CHARS), options);
  }
}

/** Text from a peer, fit for a log or a terminal: printable ASCII, of bounded length. */
export function printable(text: string, maxChars: number): string {
  const shown = text.slice(0, maxChars).replaceAll(/[^\x20-\x7e]/g, '?');
  return text.length > maxChars ? `${shown}...` : shown;
}
