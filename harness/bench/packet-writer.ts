const FILE_HEADER_BYTES = 24;
const RECORD_BYTES = 16;
const IP_AT = RECORD_BYTES + 14;
const TCP_AT = IP_AT + 20;
const TCP_BYTES = 32;
const SNAP_BYTES = 262_144;
const PORTS = [40_218, 8080] as const;
const ADDRESSES = [
  [192, 0, 2, 1],
  [192, 0, 2, 7],
] as const;
const [SYN, FIN] = [2, 1];
const TCP = 6;
const BEGIN_SECONDS = 1_700_000_000;

/** The packets of one TCP connection as records of a pcap: Ethernet, IPv4, TCP with timestamps; no checksums, as on a loopback interface. */
export class PacketWriter {
  bytes = 0;
  packets = 0;
  /** Of the next byte of each direction. Both wrap around in a large capture. */
  readonly #sequence: [number, number] = [0xffff_0000, 5000];

  fileHeader(): Buffer {
    const header = Buffer.alloc(FILE_HEADER_BYTES);
    header.writeUInt32LE(0xa1b2c3d4, 0);
    header.writeUInt16LE(2, 4);
    header.writeUInt16LE(4, 6);
    header.writeUInt32LE(SNAP_BYTES, 16);
    header.writeUInt32LE(1, 20);
    this.bytes += header.length;
    return header;
  }

  /** @param direction 0: from the client. */
  packet(direction: 0 | 1, payload: Uint8Array, flags: number): Buffer {
    const other = direction === 0 ? 1 : 0;
    const record = Buffer.alloc(TCP_AT + TCP_BYTES + payload.length);
    const packetBytes = record.length - RECORD_BYTES;
    // One in ten microseconds.
    const micros = this.packets * 10;
    record.writeUInt32LE(BEGIN_SECONDS + Math.floor(micros / 1e6), 0);
    record.writeUInt32LE(micros % 1e6, 4);
    record.writeUInt32LE(packetBytes, 8);
    record.writeUInt32LE(packetBytes, 12);
    record.writeUInt16BE(0x0800, IP_AT - 2);
    record[IP_AT] = 0x45;
    record.writeUInt16BE(record.length - IP_AT, IP_AT + 2);
    record.writeUInt16BE(this.packets & 0xffff, IP_AT + 4);
    record[IP_AT + 8] = 64;
    record[IP_AT + 9] = TCP;
    record.set(ADDRESSES[direction], IP_AT + 12);
    record.set(ADDRESSES[other], IP_AT + 16);
    record.writeUInt16BE(PORTS[direction], TCP_AT);
    record.writeUInt16BE(PORTS[other], TCP_AT + 2);
    record.writeUInt32BE(this.#sequence[direction], TCP_AT + 4);
    if (this.packets > 0) record.writeUInt32BE(this.#sequence[other], TCP_AT + 8);
    record[TCP_AT + 12] = (TCP_BYTES / 4) << 4;
    record[TCP_AT + 13] = flags;
    record.writeUInt16BE(65_535, TCP_AT + 14);
    // NOP, NOP, timestamps.
    record.writeUInt32BE(0x0101_080a, TCP_AT + 20);
    record.writeUInt32BE(this.packets, TCP_AT + 24);
    record.set(payload, TCP_AT + TCP_BYTES);
    this.#sequence[direction] += payload.length + ((flags & (SYN | FIN)) === 0 ? 0 : 1);
    this.#sequence[direction] %= 2 ** 32;
    this.bytes += record.length;
    this.packets += 1;
    return record;
  }
}
