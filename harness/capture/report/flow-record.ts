import type { ProtocolName } from '../conversation-event.ts';
import type { GapReason } from '../tcp-flow.ts';

/** So many gaps of one direction are kept, and of all together; the others are counted. */
export const MAX_SIDE_GAPS = 10_000;
export const MAX_ALL_GAPS = 500_000;

export interface FlowGap {
  /** In the stream, in bytes. */
  readonly offset: number;
  readonly length: number;
  readonly reason: GapReason;
}

/** What is known of one direction of a connection when it is over. */
export interface SideRecord {
  /** Of the stream, those in gaps included. */
  bytes: number;
  gaps: FlowGap[];
  /** With those that were not kept. */
  gapCount: number;
  gapBytes: number;
  /** Of a WebSocket, control frames among them. */
  frames: number;
  messages: number;
  /** Of their payloads, inflated. */
  messageBytes: number;
  /** Of the tunnel inside. */
  tunnelMessages: number;
  end: 'fin' | 'rst' | null;
  closeCode: number | null;
  closeReason: string;
  /** Whether there was a Close frame, which may have no code. */
  isClosed: boolean;
  acknowledged: number;
  packets: number;
  retransmissions: number;
  outOfOrder: number;
  duplicates: number;
  conflicts: number;
  /** As in FlowSide. */
  strays: number;
  lateBytes: number;
  perhapsBytes: -1 | 0 | 1;
}

/** What is kept of a connection: small, since a capture may have a hundred thousand. */
export interface FlowRecord {
  readonly id: number;
  client: string;
  server: string;
  readonly began: 'handshake' | 'midway';
  readonly protocols: ProtocolName[];
  /** In milliseconds since 1970: of its first packet, and of the last one that brought anything. */
  readonly firstMs: number;
  lastMs: number;
  /** What could not be decoded: how often, and why the first time. */
  undecodable: number;
  undecodableWhy: string;
  readonly sides: readonly [SideRecord, SideRecord];
}

export function newSideRecord(): SideRecord {
  return {
    bytes: 0,
    gaps: [],
    gapCount: 0,
    gapBytes: 0,
    frames: 0,
    messages: 0,
    messageBytes: 0,
    tunnelMessages: 0,
    end: null,
    closeCode: null,
    closeReason: '',
    isClosed: false,
    acknowledged: 0,
    packets: 0,
    retransmissions: 0,
    outOfOrder: 0,
    duplicates: 0,
    conflicts: 0,
    strays: 0,
    lateBytes: 0,
    perhapsBytes: 0,
  };
}
