import type { Exchange } from './exchange.ts';
import type { HttpHead } from './http/http-head.ts';
import type { SocksName } from './socks/socks-reader.ts';
import type { WebSocketSink } from './websocket/web-socket-side.ts';

/** Where one direction puts what it finds; offsets are in the TCP stream. */
export interface SideSink extends WebSocketSink {
  protocol(name: SocksName | 'http' | 'websocket' | 'permessage-deflate', by: string, offset: number): void;
  step(text: string, offset: number): void;
  data(bytes: Uint8Array, start: number, end: number, offset: number): void;
  /** A head that asks for a WebSocket, or grants one. */
  upgrade(head: HttpHead): void;
}

/** What one direction is, and whose. */
export interface SideAbout {
  readonly isClient: boolean;
  /** Whether the capture begins in the middle of the connection: then who is the client is a guess. */
  readonly isMidway: boolean;
  readonly exchange: Exchange;
}
