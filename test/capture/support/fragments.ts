import { BIG } from './words.ts';

/** One IPv4 packet in fragments of so many bytes of payload, a multiple of 8. */
export function fragments4(packet: Buffer, bytes: number): Buffer[] {
  const payload = packet.subarray(20);
  return starts(payload.length, bytes).map((offset) => {
    const part = payload.subarray(offset, offset + bytes);
    return fragment4(packet, { offset, payload: part, isLast: offset + part.length === payload.length });
  });
}

export interface Part {
  readonly offset: number;
  readonly payload: Uint8Array;
  readonly isLast: boolean;
}

/** A fragment with the header of `packet`. */
export function fragment4(packet: Buffer, { offset, payload, isLast }: Part): Buffer {
  const header = Buffer.from(packet.subarray(0, 20));
  header.writeUInt16BE(20 + payload.length, 2);
  header.writeUInt16BE((isLast ? 0 : 0x2000) | (offset / 8), 6);
  return Buffer.concat([header, payload]);
}

const ADDRESSES = Buffer.from('20010db800000000000000000000000120010db8000000000000000000000002', 'hex');

/** The TCP segment of an IPv4 packet in one of IPv6, its ends in the order of their ports. */
export function ipv6(packet: Buffer, hasExtensions = false): Buffer {
  const segment = packet.subarray(20);
  const isFirst = segment.readUInt16BE(0) > segment.readUInt16BE(2);
  const extensions = hasExtensions ? EXTENSIONS : Buffer.alloc(0);
  const addresses = isFirst ? ADDRESSES : Buffer.concat([ADDRESSES.subarray(16), ADDRESSES.subarray(0, 16)]);
  const length = BIG.u16(extensions.length + segment.length);
  const next = Buffer.from([hasExtensions ? 0 : 6, 64]);
  return Buffer.concat([Buffer.from('60000000', 'hex'), length, next, addresses, extensions, segment]);
}

/** Hop-by-hop options, destination options of 16 bytes, an atomic fragment; then TCP. */
const EXTENSIONS = Buffer.from('3c000104000000002c01010c0000000000000000000000000600000000000001', 'hex');

/** A packet of IPv6 in fragments of so many bytes, a multiple of 8. */
export function fragments6(packet: Buffer, bytes: number): Buffer[] {
  const payload = packet.subarray(40);
  return starts(payload.length, bytes).map((offset) => {
    const part = payload.subarray(offset, offset + bytes);
    return fragment6(packet, { offset, payload: part, isLast: offset + part.length === payload.length });
  });
}

export function fragment6(packet: Buffer, { offset, payload, isLast }: Part): Buffer {
  const header = Buffer.from(packet.subarray(0, 40));
  header.writeUInt16BE(8 + payload.length, 4);
  header[6] = 44;
  // Not the same for all datagrams: what stands in the sequence number will do.
  const identification = packet.subarray(44, 48);
  const next = Buffer.from([packet[6] ?? 0, 0]);
  return Buffer.concat([header, next, BIG.u16(offset | (isLast ? 0 : 1)), identification, payload]);
}

function starts(length: number, bytes: number): number[] {
  return Array.from({ length: Math.ceil(length / bytes) }, (_, index) => index * bytes);
}
