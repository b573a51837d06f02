import { RelayscopeError } from '../../src/errors.ts';

export type SocksErrorCode =
  /** Another protocol, or another version of this one. */
  | 'SOCKS_VERSION_UNSUPPORTED'
  /** The client offers no method that is accepted here. */
  | 'SOCKS_METHOD_UNSUPPORTED'
  /** The user name or the password is wrong. */
  | 'SOCKS_AUTH_FAILED'
  /** BIND, UDP ASSOCIATE, or something unknown. */
  | 'SOCKS_COMMAND_UNSUPPORTED'
  /** Neither IPv4, nor IPv6, nor a name. */
  | 'SOCKS_ADDRESS_TYPE_UNSUPPORTED'
  /** A target that nothing could be connected to. */
  | 'SOCKS_TARGET_INVALID'
  /** The connection ended in the middle of the handshake. */
  | 'SOCKS_HANDSHAKE_CUT'
  /** The handshake took too long. */
  | 'SOCKS_HANDSHAKE_TIMEOUT';

/** A SOCKS handshake that did not come to a CONNECT. */
export class SocksError extends RelayscopeError {
  declare readonly code: SocksErrorCode;
  /** What the protocol wants said before the connection is closed; empty where it has no words for it. */
  readonly lastWords: Buffer;

  constructor(code: SocksErrorCode, message: string, lastWords: Buffer = Buffer.alloc(0), options?: ErrorOptions) {
    super(code, message, options);
    this.lastWords = lastWords;
  }
}
