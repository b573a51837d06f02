import type { CapturedPacket, PacketSink } from '../captured-packet.ts';
import { CaptureError } from '../capture-error.ts';
import { newPacket } from './new-packet.ts';
import { LARGEST_SNAP_BYTES, MAX_PACKET_BYTES } from './capture-limits.ts';
import type { RecordReader } from './record-reader.ts';

const FILE_HEADER_BYTES = 24;
/** LINKTYPE_ in the low 16 bits; above them stands how long the frame check sequence is, which IP's own length leaves out. */
const LINK_TYPE_MASK = 0xffff;

/** What a magic number says, read in the byte order that gives one of these. */
const VARIANTS = new Map<number, { readonly nanosecondsPerUnit: number; readonly recordHeaderBytes: number }>([
  [0xa1b2c3d4, { nanosecondsPerUnit: 1000, recordHeaderBytes: 16 }],
  [0xa1b23c4d, { nanosecondsPerUnit: 1, recordHeaderBytes: 16 }],
  // Kuznetzov's patched libpcap: interface, protocol and packet type follow in each record's header.
  [0xa1b2cd34, { nanosecondsPerUnit: 1000, recordHeaderBytes: 24 }],
]);

/** The first 4 bytes of a capture, read as big-endian; null if they are not of pcap. */
export function pcapVariant(
  magic: number,
): { readonly nanosecondsPerUnit: number; readonly recordHeaderBytes: number; readonly isLittle: boolean } | null {
  const big = VARIANTS.get(magic);
  if (big !== undefined) return { ...big, isLittle: false };
  const little = VARIANTS.get(swapped(magic));
  return little === undefined ? null : { ...little, isLittle: true };
}

/** pcap in both byte orders, with microseconds and nanoseconds (draft-ietf-opsawg-pcap). */
export class PcapReader implements RecordReader {
  neededBytes = FILE_HEADER_BYTES;
  readonly #sink: PacketSink;
  readonly #packet: CapturedPacket = newPacket();
  #isBegun = false;
  #isLittle = false;
  #nanosecondsPerUnit = 1000;
  #recordHeaderBytes = 16;
  #snapBytes = 0;

  constructor(sink: PacketSink) {
    this.#sink = sink;
  }

  read(bytes: Uint8Array, start: number, end: number, fileOffset: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const delta = fileOffset - start;
    let at = start;
    if (!this.#isBegun) {
      if (end - at < FILE_HEADER_BYTES) return at;
      this.#begin(view, at);
      at += FILE_HEADER_BYTES;
    }
    const packet = this.#packet;
    packet.bytes = bytes;
    const headerBytes = this.#recordHeaderBytes;
    const isLittle = this.#isLittle;
    for (;;) {
      this.neededBytes = headerBytes;
      if (end - at < headerBytes) return at;
      const captured = view.getUint32(at + 8, isLittle);
      if (captured > MAX_PACKET_BYTES) throw this.#tooLong(captured, at + delta);
      this.neededBytes = headerBytes + captured;
      if (end - at < headerBytes + captured) return at;
      packet.number += 1;
      packet.fileOffset = at + delta;
      const fraction = view.getUint32(at + 4, isLittle) * this.#nanosecondsPerUnit;
      packet.seconds = view.getUint32(at, isLittle);
      packet.nanoseconds = fraction;
      // A broken clock's fraction of more than a second is carried.
      if (fraction >= 1e9) this.#carrySeconds(fraction);
      packet.start = at + headerBytes;
      packet.end = packet.start + captured;
      packet.wireBytes = Math.max(captured, view.getUint32(at + 12, isLittle));
      this.#sink.packet(packet);
      at = packet.end;
    }
  }

  settle(): void {
    this.#sink.settle?.();
  }

  end(restBytes: number, fileOffset: number): void {
    if (!this.#isBegun) {
      throw new CaptureError(
        'CAPTURE_MALFORMED',
        `Header cut at byte ${fileOffset}: expected ${FILE_HEADER_BYTES} bytes of pcap header, got ${restBytes}`,
        { fileOffset },
      );
    }
    // Nothing captures so much of a packet: the length is wrong, and no writer was killed.
    const captured = this.neededBytes - this.#recordHeaderBytes;
    if (captured > Math.max(this.#snapBytes, LARGEST_SNAP_BYTES)) throw this.#tooLong(captured, fileOffset);
    if (restBytes > 0) this.#sink.note({ kind: 'cut', fileOffset, missingBytes: this.neededBytes - restBytes });
  }

  #begin(view: DataView, at: number): void {
    const magic = view.getUint32(at);
    const variant = pcapVariant(magic);
    if (variant === null) {
      throw new CaptureError(
        'CAPTURE_MALFORMED',
        `Wrong magic number: expected that of pcap, got 0x${magic.toString(16).padStart(8, '0')}`,
        { fileOffset: 0 },
      );
    }
    this.#isBegun = true;
    this.#isLittle = variant.isLittle;
    this.#nanosecondsPerUnit = variant.nanosecondsPerUnit;
    this.#recordHeaderBytes = variant.recordHeaderBytes;
    const linkType = view.getUint32(at + 20, this.#isLittle) & LINK_TYPE_MASK;
    this.#packet.linkType = linkType;
    this.#snapBytes = view.getUint32(at + 16, this.#isLittle);
    this.#sink.note({ kind: 'interface', index: 0, linkType, snapBytes: this.#snapBytes });
  }

  #carrySeconds(fraction: number): void {
    this.#packet.seconds += Math.floor(fraction / 1e9);
    this.#packet.nanoseconds = fraction % 1e9;
  }

  #tooLong(captured: number, fileOffset: number): CaptureError {
    return new CaptureError(
      'CAPTURE_MALFORMED',
      `Wrong packet length at byte ${fileOffset}: expected at most ${captured > MAX_PACKET_BYTES ? MAX_PACKET_BYTES : 'what is left of the file'}, got ${captured}`,
      { fileOffset },
    );
  }
}

function swapped(value: number): number {
  return (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;
}
