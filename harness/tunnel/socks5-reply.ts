/** The reply codes of RFC 1928, section 6. */
export const SocksReply = {
  SUCCEEDED: 0,
  GENERAL_FAILURE: 1,
  NOT_ALLOWED: 2,
  NETWORK_UNREACHABLE: 3,
  HOST_UNREACHABLE: 4,
  CONNECTION_REFUSED: 5,
  TTL_EXPIRED: 6,
  COMMAND_NOT_SUPPORTED: 7,
  ADDRESS_TYPE_NOT_SUPPORTED: 8,
} as const;

export const SOCKS_VERSION = 5;

/**
 * The reply to a request. The bound address is always 0.0.0.0:0: the socket that was bound is on another machine, and
 * nobody asks.
 */
export function encodeReply(code: number): Buffer {
  return Buffer.of(SOCKS_VERSION, code, 0, 1, 0, 0, 0, 0, 0, 0);
}
