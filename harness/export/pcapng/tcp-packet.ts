import type { IpEndpoint } from './ip-endpoint.ts';

/** What one packet of a connection says. */
export interface TcpPacketParts {
  readonly source: IpEndpoint;
  readonly target: IpEndpoint;
  readonly sequence: number;
  /** 0 if the ACK flag is not set. */
  readonly acknowledgement: number;
  /** TcpFlag, or-ed. */
  readonly flags: number;
  readonly window: number;
  /** TCP options, a multiple of 4 bytes. */
  readonly options?: Uint8Array;
  /** The part of the payload that is known: its beginning. */
  readonly payload: Uint8Array;
  /** Length of the whole payload; a packet of which not all is known has the checksum of what there is. */
  readonly payloadBytes: number;
  /** IPv4's identification. */
  readonly identification: number;
}

const IPV4_BYTES = 20;
const IPV6_BYTES = 40;
const TCP_BYTES = 20;
const TCP = 6;
const HOPS = 64;
const DO_NOT_FRAGMENT = 0x4000;
const MAX_LENGTH = 0xffff;

/** Length of what stands before the payload. */
export function headerBytes({ source, options }: TcpPacketParts): number {
  return (source.address.length === 4 ? IPV4_BYTES : IPV6_BYTES) + TCP_BYTES + (options?.length ?? 0);
}

/**
 * A TCP segment in an IPv4 or IPv6 packet, with its checksums. One that is longer than a length field can say has 0 there, as
 * a capture of segmentation offload does.
 */
export function tcpPacket(parts: TcpPacketParts): Uint8Array {
  const { source, target, payload, payloadBytes } = parts;
  const isV4 = source.address.length === 4;
  const at = isV4 ? IPV4_BYTES : IPV6_BYTES;
  const headers = headerBytes(parts);
  const packet = Buffer.alloc(headers + payload.length);
  const tcpBytes = headers - at + payloadBytes;
  if (isV4) {
    const length = at + tcpBytes;
    packet[0] = 0x45;
    packet.writeUInt16BE(length > MAX_LENGTH ? 0 : length, 2);
    packet.writeUInt16BE(parts.identification, 4);
    packet.writeUInt16BE(DO_NOT_FRAGMENT, 6);
    packet[8] = HOPS;
    packet[9] = TCP;
    packet.set(source.address, 12);
    packet.set(target.address, 16);
    packet.writeUInt16BE(complement(sum(packet, 0, IPV4_BYTES)), 10);
  } else {
    packet[0] = 0x60;
    packet.writeUInt16BE(tcpBytes > MAX_LENGTH ? 0 : tcpBytes, 4);
    packet[6] = TCP;
    packet[7] = HOPS;
    packet.set(source.address, 8);
    packet.set(target.address, 24);
  }
  packet.writeUInt16BE(source.port, at);
  packet.writeUInt16BE(target.port, at + 2);
  packet.writeUInt32BE(parts.sequence, at + 4);
  packet.writeUInt32BE(parts.acknowledgement, at + 8);
  packet[at + 12] = ((headers - at) / 4) << 4;
  packet[at + 13] = parts.flags;
  packet.writeUInt16BE(parts.window, at + 14);
  packet.set(parts.options ?? [], at + TCP_BYTES);
  packet.set(payload, headers);
  packet.writeUInt16BE(complement(pseudoHeader(source, target, tcpBytes) + sum(packet, at, packet.length)), at + 16);
  return packet;
}

/** What goes into the checksum besides the segment (RFC 9293, 3.1; RFC 8200, 8.1). */
function pseudoHeader(source: IpEndpoint, target: IpEndpoint, tcpBytes: number): number {
  const addresses = sum(source.address, 0, source.address.length) + sum(target.address, 0, target.address.length);
  return addresses + TCP + (tcpBytes >>> 16) + (tcpBytes & 0xffff);
}

/** Of 16-bit words; 65,535 bytes of them stay far below 2^53. */
function sum(bytes: Uint8Array, start: number, end: number): number {
  let total = 0;
  for (let at = start; at < end; at += 2) total += ((bytes[at] ?? 0) << 8) | (at + 1 < end ? (bytes[at + 1] ?? 0) : 0);
  return total;
}

/** The ones' complement of a ones' complement sum. */
function complement(total: number): number {
  let folded = total;
  while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}
