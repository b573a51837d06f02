import type { CapturedPacket } from './captured-packet.ts';

export const TcpFlag = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32 } as const;

/** One TCP segment out of a packet. One object is used for all, as with packets. */
export interface TcpSegment {
  /** The packet that it came in (the last one, if the datagram came in fragments). */
  packet: CapturedPacket;
  ipVersion: 4 | 6;
  /** What holds addresses and payload: the packet's bytes, or those of a datagram put together from fragments. */
  bytes: Uint8Array;
  /** Where in `bytes` the addresses begin: 4 bytes each, or 16. */
  sourceAt: number;
  destinationAt: number;
  /** The same as numbers of 32 bits, signed: of IPv6 a mix of the four, which only tells addresses apart most often. */
  sourceNumber: number;
  destinationNumber: number;
  sourcePort: number;
  destinationPort: number;
  /** Unsigned, 32 bits. */
  sequence: number;
  acknowledgement: number;
  /** TcpFlag, or-ed. */
  flags: number;
  window: number;
  /** IPv4's identification, and TCP's checksum: a copy of a packet has the same, a retransmission has others. */
  identification: number;
  checksum: number;
  /** The payload that was captured, in `bytes`. */
  payloadStart: number;
  payloadEnd: number;
  /** What the payload had on the wire; more than was captured if the packet was cut. */
  payloadBytes: number;
}

/** Where a reader of packets puts what it finds. */
export interface SegmentSink {
  segment(segment: TcpSegment): void;
  /** A packet without TCP, or one that cannot be followed, and why: `ARP`, `UDP`, `IPv4 header cut`. */
  other(packet: CapturedPacket, why: string): void;
  /** As of a PacketSink. */
  settle?(): void;
}
