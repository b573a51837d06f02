import type { CapturedPacket } from './captured-packet.ts';

/** From the client (a) to the server (b): 0. Back: 1. */
export type FlowDirection = 0 | 1;

/**
 * Why bytes are missing: lost on the way to the capture (`lost`), cut by the snap length (`snapped`), of a direction of
 * which nothing was captured (`uncaptured`), or still missing when as much was kept back for them as the limit allows
 * (`abandoned`).
 */
export type GapReason = 'lost' | 'snapped' | 'uncaptured' | 'abandoned';

/** Bytes of a stream that were sent, and are not in the capture. */
export interface StreamGap {
  /** Place in the stream, in bytes. */
  readonly offset: number;
  readonly length: number;
  readonly reason: GapReason;
}

/** A place where bytes came twice, and were others the second time. Those that came first count. */
export interface StreamConflict {
  /** Of the first byte that differs, in the stream. */
  readonly offset: number;
}

/** One direction of a connection, as far as it has been followed. */
export interface FlowSide {
  /** Bytes of the stream so far, those in gaps included. */
  streamBytes: number;
  /** How far the other end has acknowledged this side: known even if this side itself was not captured. */
  acknowledgedBytes: number;
  /** Segments with payload that said nothing new. */
  retransmissions: number;
  /** Segments that came before one that was sent earlier. */
  outOfOrder: number;
  /** Copies of the same packet, as from a capture of two interfaces. */
  duplicates: number;
  keepAlives: number;
  /** Overlaps whose bytes differ from those that came first, which count. */
  conflicts: number;
  /** Segments and resets whose numbers belong to nothing that was under way: of another connection, or forged. Not followed. */
  strays?: number;
  /** Bytes that came when a reset had ended the connection. They are no part of the stream. */
  lateBytes?: number;
  /**
   * Of a side that was not captured: its end takes a number as a byte does. 1: there may be one byte more than is said here,
   * −1: one fewer.
   */
  perhapsBytes?: -1 | 0 | 1;
  /** The other end has acknowledged the end of this side, too. */
  endAcknowledged?: boolean;
  /** Packets of this side in the capture. */
  packets: number;
  end: 'fin' | 'rst' | null;
}

/** One TCP connection in a capture. The object stays the same while it is followed. */
export interface TcpFlow {
  /** From 1, in the order of their first packets. */
  readonly id: number;
  /** `192.0.2.1:443`, `[2001:db8::1]:443`. Who sent the SYN; without one, a guess from ports and first speech. */
  client: string;
  server: string;
  /** Whether the capture has the beginning. */
  began: 'handshake' | 'midway';
  /** Of the two directions, by FlowDirection. */
  readonly sides: readonly [FlowSide, FlowSide];
  readonly firstPacket: number;
}

/**
 * Where TCP reassembly puts what it finds. Bytes come in the order of their stream, each once, and are borrowed. `packet` is the
 * one that made it so: the time of what was held back for a late segment is that segment's.
 */
export interface FlowSink {
  opened(flow: TcpFlow, packet: CapturedPacket): void;
  data(
    flow: TcpFlow,
    direction: FlowDirection,
    bytes: Uint8Array,
    start: number,
    end: number,
    packet: CapturedPacket,
  ): void;
  gap(flow: TcpFlow, direction: FlowDirection, gap: StreamGap, packet: CapturedPacket | null): void;
  conflict?(flow: TcpFlow, direction: FlowDirection, conflict: StreamConflict, packet: CapturedPacket): void;
  ended(flow: TcpFlow, direction: FlowDirection, how: 'fin' | 'rst', packet: CapturedPacket): void;
  /** Nothing more comes of this connection: it is over, its ports are used again, or the capture ends. */
  closed(flow: TcpFlow): void;
}
