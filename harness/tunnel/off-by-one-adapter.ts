import type { WebSocket } from 'ws';
import { TunnelSocketStream, type TunnelSocketOptions } from './from-tunnel-socket.ts';

/**
 * WRONG, on purpose: the adapter of the story. Its `pollWrite` returns the length of the message that it sent, which is
 * the length of the slice plus the one-byte header. That is the whole difference from `fromTunnelSocket`.
 *
 * Every byte arrives. But a copy loop that trusts the count has now written 69 of 68 bytes, waits for `pos == cap`
 * for ever, and never polls the other direction.
 */
export function offByOneAdapter(ws: WebSocket, options: TunnelSocketOptions = {}): OffByOneStream {
  return new OffByOneStream(ws, options);
}

export class OffByOneStream extends TunnelSocketStream {
  protected override countOf(_payloadBytes: number, messageBytes: number): number {
    return messageBytes;
  }
}
