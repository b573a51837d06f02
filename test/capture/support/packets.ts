/** Packets of a TCP conversation made by hand, and the files that hold them. */

export interface Piece {
  readonly from: 'a' | 'b';
  /** In the stream of that direction; −1 is the SYN. */
  readonly offset: number;
  readonly bytes?: Uint8Array;
  /** TcpFlag, or-ed; ACK is always there but in a's SYN. */
  readonly flags?: number;
  /** How far the other direction is acknowledged, as an offset in its stream. */
  readonly ack?: number;
  /** IPv4's identification. Default: another one for each packet. */
  readonly id?: number;
  readonly ms?: number;
}

export const A = { address: [192, 0, 2, 1], port: 40_000, isn: 0xffff_ff00 } as const;
export const B = { address: [198, 51, 100, 7], port: 8080, isn: 5000 } as const;

const SYN = 2;
const ACK = 16;
let nextId = 1;

/** An IPv4 packet with one TCP segment, without checksums: nobody fills them in on a loopback interface. */
export function ipv4(piece: Piece): Buffer {
  const [source, target] = piece.from === 'a' ? [A, B] : [B, A];
  const flags = piece.flags ?? 0;
  const isFirst = (flags & SYN) !== 0 && piece.from === 'a';
  const payload = piece.bytes ?? Buffer.alloc(0);
  const header = Buffer.alloc(40);
  header[0] = 0x45;
  header.writeUInt16BE(40 + payload.length, 2);
  header.writeUInt16BE(piece.id ?? nextId++ & 0xffff, 4);
  header[8] = 64;
  header[9] = 6;
  header.set(source.address, 12);
  header.set(target.address, 16);
  header.writeUInt16BE(source.port, 20);
  header.writeUInt16BE(target.port, 22);
  header.writeUInt32BE((source.isn + 1 + piece.offset) >>> 0, 24);
  if (!isFirst) header.writeUInt32BE((target.isn + 1 + (piece.ack ?? 0)) >>> 0, 28);
  header[32] = 0x50;
  header[33] = flags | (isFirst ? 0 : ACK);
  header.writeUInt16BE(65_535, 34);
  return Buffer.concat([header, payload]);
}

/** A pcap of raw IP packets, one a millisecond unless they say when. */
export function pcapOf(packets: readonly Buffer[], options: { snapBytes?: number; linkType?: number } = {}): Buffer {
  const { snapBytes = 262_144, linkType = 101 } = options;
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(snapBytes, 16);
  header.writeUInt32LE(linkType, 20);
  const records = packets.flatMap((packet, index) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_700_000_000 + Math.floor(index / 1000), 0);
    record.writeUInt32LE((index % 1000) * 1000, 4);
    record.writeUInt32LE(Math.min(snapBytes, packet.length), 8);
    record.writeUInt32LE(packet.length, 12);
    return [record, packet.subarray(0, snapBytes)];
  });
  return Buffer.concat([header, ...records]);
}

/** The three packets that open the conversation. */
export function opening(): Buffer[] {
  return [
    ipv4({ from: 'a', offset: -1, flags: SYN }),
    ipv4({ from: 'b', offset: -1, flags: SYN }),
    ipv4({ from: 'a', offset: 0 }),
  ];
}
