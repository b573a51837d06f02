import type { FlowDirection, StreamGap, TcpFlow } from './tcp-flow.ts';

export type ProtocolName =
  'socks4' | 'socks4a' | 'socks5' | 'http' | 'websocket' | 'permessage-deflate' | 'tunnel' | 'unknown';

/** Place and time of an event. */
export interface EventPlace {
  readonly direction: FlowDirection;
  /** In the TCP stream of that direction, in bytes. */
  readonly offset: number;
  /** The packet's number in the capture; 0 where there is none. */
  readonly packet: number;
  /** Since 1970. */
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** One WebSocket frame. One object is used for all: whoever keeps it copies it. */
export interface SeenFrame {
  offset: number;
  opcode: number;
  fin: boolean;
  /** RSV1, RSV2, RSV3 as the bits 4, 2, 1. */
  rsv: number;
  masked: boolean;
  headerBytes: number;
  /** By its header: up to 2^53. */
  payloadBytes: number;
  /** How many of them are in the capture. */
  seenBytes: number;
}

/** One message put together: of a WebSocket, or of the tunnel inside. Its payload is borrowed. */
export interface SeenMessage {
  readonly protocol: 'websocket' | 'tunnel';
  /** Of its first byte, in the TCP stream. */
  readonly offset: number;
  /** websocket: `text`, `binary`. tunnel: `data`, `end`, `abort`. */
  readonly type: string;
  /** Inflated, unmasked; null if it is longer than the limit, or bytes of it are missing. */
  readonly payload: Uint8Array | null;
  /** Its whole length, as far as it is known. */
  readonly payloadBytes: number;
  readonly fragments: number;
  readonly deflated: boolean;
}

/**
 * Where the protocols' decoders put what they find, one conversation (TCP flow) at a time. Every call but `opened` and `closed` is
 * preceded by nothing: a flow without a known protocol has its bytes and ends only.
 */
export interface ConversationSink {
  /** Whether somebody looks at what is in the messages: if not, they are not put together. */
  readonly wantsPayload: boolean;
  opened(flow: TcpFlow, place: EventPlace): void;
  /** A protocol was recognised, and by what: `101`, `greeting`, `frames without a handshake`. */
  protocol(flow: TcpFlow, name: ProtocolName, by: string, place: EventPlace): void;
  /** A step of a handshake, for a time line: `GET /tunnel upgrade`, `SOCKS5 CONNECT t.cn:80`, `101`. */
  step(flow: TcpFlow, text: string, place: EventPlace): void;
  frame(flow: TcpFlow, frame: SeenFrame, place: EventPlace): void;
  message(flow: TcpFlow, message: SeenMessage, place: EventPlace): void;
  /** A Close frame; code null if it has none. */
  close(flow: TcpFlow, code: number | null, reason: string, place: EventPlace): void;
  /** What belongs to no protocol, or the bytes of one whose contents are opaque; borrowed. */
  data(flow: TcpFlow, bytes: Uint8Array, start: number, end: number, place: EventPlace): void;
  /** What cannot be decoded, and why; what follows it goes on if the protocol allows. */
  undecodable(flow: TcpFlow, why: string, place: EventPlace): void;
  /** Bytes came again, and differ from this place on from what they were before. */
  conflict?(flow: TcpFlow, place: EventPlace): void;
  gap(flow: TcpFlow, direction: FlowDirection, gap: StreamGap): void;
  ended(flow: TcpFlow, how: 'fin' | 'rst', place: EventPlace): void;
  closed(flow: TcpFlow): void;
}
