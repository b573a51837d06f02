import type { Socket } from 'node:net';
import type { PollStream } from '../poll/poll-stream.ts';
import { fromDuplex, type FromDuplexOptions } from './from-duplex.ts';

export interface FromSocketOptions extends FromDuplexOptions {
  /** Sets TCP_NODELAY: the copy already gathers what it sends, and Nagle's delay would come on top. Default: true. */
  readonly noDelay?: boolean;
}

/**
 * A socket as a stream to be polled: `fromDuplex`, and TCP_NODELAY. The socket may still be connecting.
 * Open it with `allowHalfOpen: true` (server and client alike) if its peer may end before it is wrapped.
 *
 * @example
 * const server = createServer({ allowHalfOpen: true }, (inbound) => {
 *   const outbound = connect({ port: 80, host: 'localhost', allowHalfOpen: true });
 *   copyBidirectional(fromSocket(inbound), fromSocket(outbound)).catch(report);
 * });
 */
export function fromSocket(socket: Socket, options: FromSocketOptions = {}): PollStream {
  if (options.noDelay ?? true) socket.setNoDelay(true);
  return fromDuplex(socket, options);
}
