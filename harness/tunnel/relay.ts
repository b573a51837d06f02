import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { copyBidirectional } from '../../src/copy/copy-bidirectional.ts';
import { CopyError, type CopyCounts } from '../../src/copy/copy-error.ts';
import { resolveDialect, type DialectName } from '../../src/copy/dialect.ts';
import type { Clock } from '../../src/poll/clock.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { fromSocket } from '../../src/streams/from-socket.ts';
import { fromTunnelSocket, type TunnelAdapter } from './from-tunnel-socket.ts';
import { withEarlyBytes } from './with-early-bytes.ts';

/** Copies between two streams until both directions are done. Default: `copyBidirectional`, dialect `checked`. */
export type CopyFunction = (
  a: PollStream,
  b: PollStream,
  options: { readonly signal: AbortSignal },
) => Promise<CopyCounts>;

/**
 * Everything between two open connections. It gets the WebSocket paused, resolves to the bytes towards the target
 * (`aToB`) and back, and stops when the signal fires. It closes neither connection.
 */
export type Relay = (tcp: Socket, ws: WebSocket, signal: AbortSignal) => Promise<CopyCounts>;

export interface RelayOptions {
  /** Default: `fromTunnelSocket`. */
  readonly adapt?: TunnelAdapter;
  readonly copy?: CopyFunction;
  /** For the default copy. Default: `checked`. */
  readonly dialect?: DialectName;
  /** For the default copy: what one direction may take to move a byte once the other has ended. Default: for ever. */
  readonly halfCloseTimeoutMs?: number;
}

/** The relay of a client (`tcp-first`: TCP is `a`) or a server of the tunnel. Throws DIALECT_UNKNOWN. */
export function relayOf(
  order: 'tcp-first' | 'ws-first',
  options: RelayOptions & { readonly maxMessageBytes: number; readonly clock: Clock },
): Relay {
  const { maxMessageBytes, clock, halfCloseTimeoutMs, adapt = fromTunnelSocket } = options;
  const dialect = resolveDialect(options.dialect ?? 'checked');
  const timeout = halfCloseTimeoutMs === undefined ? {} : { halfCloseTimeoutMs };
  const copy: CopyFunction =
    options.copy ?? ((a, b, { signal }) => copyBidirectional(a, b, { signal, dialect, clock, ...timeout }));
  return (tcp, ws, signal) => {
    const [inner, outer] = [startingWithWhatCame(tcp), adapt(ws, { maxMessageBytes })];
    return order === 'tcp-first' ? copy(inner, outer, { signal }) : copy(outer, inner, { signal });
  };
}

/** What lies in the socket already is there for the first poll: it need not wait for an event to say so. */
function startingWithWhatCame(tcp: Socket): PollStream {
  // A socket without an encoding gives Buffers.
  const early = tcp.read() as Buffer | null;
  return early === null ? fromSocket(tcp) : withEarlyBytes(early, fromSocket(tcp));
}

/** The bytes that a relay had counted when it failed, as far as its error says. */
export function countsOf(error: unknown): CopyCounts {
  return error instanceof CopyError ? error.counts : { aToB: 0, bToA: 0 };
}
