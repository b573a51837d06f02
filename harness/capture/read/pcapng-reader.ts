import type { CapturedPacket, PacketSink } from '../captured-packet.ts';
import { CaptureError } from '../capture-error.ts';
import { BlockOptions } from './block-options.ts';
import { MAX_BLOCK_BYTES, MAX_COMMENT_CHARS, MAX_INTERFACES } from './capture-limits.ts';
import { newPacket } from './new-packet.ts';
import type { RecordReader } from './record-reader.ts';
import { timestampReader, type TimestampReader } from './timestamp.ts';

/** The first 4 bytes of every pcapng file, in either byte order. */
export const SECTION_HEADER = 0x0a0d0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const INTERFACE = 1;
const OLD_PACKET = 2;
const SIMPLE_PACKET = 3;
const STATISTICS = 5;
const ENHANCED_PACKET = 6;

const Option = {
  COMMENT: 1,
  IF_NAME: 2,
  IF_TSRESOL: 9,
  IF_FILTER: 11,
  IF_TSOFFSET: 14,
  ISB_IFRECV: 4,
  ISB_IFDROP: 5,
  ISB_OSDROP: 7,
} as const;

const MICROSECONDS = 6;
/** Type and length, and for a section the magic that tells how to read the length. */
const LEAST_BYTES = 12;

interface Interface {
  readonly linkType: number;
  readonly snapBytes: number;
  readonly readTimestamp: TimestampReader;
}

/** pcapng: sections of either byte order, any number of interfaces (draft-ietf-opsawg-pcapng). Blocks that it does not know are stepped over. */
export class PcapngReader implements RecordReader {
  neededBytes = LEAST_BYTES;
  readonly #sink: PacketSink;
  readonly #packet: CapturedPacket = newPacket();
  #interfaces: Interface[] = [];
  /** Of all sections before this one. */
  #earlierInterfaces = 0;
  #isLittle = false;
  #isBegun = false;
  /** Bytes of a block to step over that are still to come. */
  #toSkip = 0;
  #commentChars = 0;

  constructor(sink: PacketSink) {
    this.#sink = sink;
  }

  read(bytes: Uint8Array, start: number, end: number, fileOffset: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const delta = fileOffset - start;
    this.#packet.bytes = bytes;
    let at = start;
    for (;;) {
      if (this.#toSkip > 0) {
        const skipped = Math.min(this.#toSkip, end - at);
        this.#toSkip -= skipped;
        at += skipped;
        this.neededBytes = 1;
        if (this.#toSkip > 0) return at;
      }
      this.neededBytes = LEAST_BYTES;
      if (end - at < LEAST_BYTES) return at;
      const type = view.getUint32(at, this.#isLittle);
      if (type === SECTION_HEADER) this.#isLittle = isLittleSection(view, at, at + delta);
      else if (!this.#isBegun) throw malformed('a section header block', `type 0x${type.toString(16)}`, at + delta);
      const length = view.getUint32(at + 4, this.#isLittle);
      if (length < LEAST_BYTES || length % 4 !== 0)
        throw malformed(`a block length that is a multiple of 4, ${LEAST_BYTES} or more`, String(length), at + delta);
      if (length > MAX_BLOCK_BYTES) {
        this.#skipLong(type, length, at + delta);
        continue;
      }
      this.neededBytes = length;
      if (end - at < length) return at;
      const again = view.getUint32(at + length - 4, this.#isLittle);
      if (again !== length)
        throw malformed(`its length ${length} again at the end of a block`, String(again), at + delta);
      this.#block(type, view, at, at + length - 4, at + delta);
      at += length;
    }
  }

  settle(): void {
    this.#sink.settle?.();
  }

  end(restBytes: number, fileOffset: number): void {
    if (!this.#isBegun)
      throw malformed('a section header block', `a file that ends after ${restBytes} bytes`, fileOffset);
    const missingBytes = this.#toSkip > 0 ? this.#toSkip : restBytes > 0 ? this.neededBytes - restBytes : 0;
    if (missingBytes > 0) this.#sink.note({ kind: 'cut', fileOffset, missingBytes });
  }

  /** @param end Where the block's own length stands again. */
  #block(type: number, view: DataView, start: number, end: number, fileOffset: number): void {
    switch (type) {
      case SECTION_HEADER:
        this.#section(view, start, end, fileOffset);
        return;
      case INTERFACE:
        this.#interface(view, start, end, fileOffset);
        return;
      case ENHANCED_PACKET: {
        this.#need(end - start, 28, 'an enhanced packet block', fileOffset);
        this.#timed(view, start + 12, view.getUint32(start + 8, this.#isLittle), end, fileOffset);
        return;
      }
      case OLD_PACKET: {
        this.#need(end - start, 28, 'a packet block', fileOffset);
        this.#timed(view, start + 12, view.getUint16(start + 8, this.#isLittle), end, fileOffset);
        return;
      }
      case SIMPLE_PACKET:
        this.#simple(view, start, end, fileOffset);
        return;
      case STATISTICS:
        this.#statistics(view, start, end, fileOffset);
        return;
      default:
    }
  }

  #section(view: DataView, start: number, end: number, fileOffset: number): void {
    this.#need(end - start, 24, 'a section header block', fileOffset);
    this.#isBegun = true;
    const major = view.getUint16(start + 12, this.#isLittle);
    if (major !== 1) throw malformed('version 1 of pcapng', String(major), fileOffset);
    this.#earlierInterfaces += this.#interfaces.length;
    this.#interfaces = [];
    this.#comments(new BlockOptions(view, start + 24, end, this.#isLittle), null);
  }

  #interface(view: DataView, start: number, end: number, fileOffset: number): void {
    this.#need(end - start, 16, 'an interface description block', fileOffset);
    if (this.#earlierInterfaces + this.#interfaces.length >= MAX_INTERFACES) {
      throw new CaptureError('CAPTURE_LIMIT', `Too many interfaces: expected at most ${MAX_INTERFACES}`, {
        fileOffset,
      });
    }
    const linkType = view.getUint16(start + 8, this.#isLittle);
    const snapBytes = view.getUint32(start + 12, this.#isLittle);
    const options = new BlockOptions(view, start + 16, end, this.#isLittle);
    const resolution = options.byte(Option.IF_TSRESOL) ?? MICROSECONDS;
    const readTimestamp = timestampReader(resolution, options.int64(Option.IF_TSOFFSET) ?? 0);
    const index = this.#earlierInterfaces + this.#interfaces.length;
    this.#interfaces.push({ linkType, snapBytes, readTimestamp });
    const name = options.text(Option.IF_NAME);
    // The first byte of a filter says what it is: 0 is a text for libpcap.
    const filter = options.byte(Option.IF_FILTER) === 0 ? options.text(Option.IF_FILTER)?.slice(1) : undefined;
    this.#sink.note({
      kind: 'interface',
      index,
      linkType,
      snapBytes,
      ...(name === undefined ? {} : { name }),
      ...(filter === undefined ? {} : { filter }),
    });
    this.#comments(options, null);
  }

  /** An enhanced packet, or one of the kind before it, which have time and lengths in the same order. */
  #timed(view: DataView, at: number, interfaceIndex: number, end: number, fileOffset: number): void {
    const from = this.#interfaceOf(interfaceIndex, fileOffset);
    const packet = this.#packet;
    const captured = view.getUint32(at + 8, this.#isLittle);
    if (captured > end - at - 16)
      throw malformed(`at most ${end - at - 16} bytes of packet`, String(captured), fileOffset);
    from.readTimestamp(view.getUint32(at, this.#isLittle), view.getUint32(at + 4, this.#isLittle), packet);
    const start = at + 16;
    this.#give(from, interfaceIndex, start, start + captured, view.getUint32(at + 12, this.#isLittle), fileOffset);
    const optionsAt = start + captured + (-captured & 3);
    if (end - optionsAt >= 4) this.#comments(new BlockOptions(view, optionsAt, end, this.#isLittle), packet.number);
  }

  /** Without a time, and of the first interface. */
  #simple(view: DataView, start: number, end: number, fileOffset: number): void {
    this.#need(end - start, 12, 'a simple packet block', fileOffset);
    const from = this.#interfaceOf(0, fileOffset);
    const wireBytes = view.getUint32(start + 8, this.#isLittle);
    const snapped = from.snapBytes === 0 ? wireBytes : Math.min(wireBytes, from.snapBytes);
    const captured = Math.min(snapped, end - start - 12);
    this.#packet.seconds = 0;
    this.#packet.nanoseconds = 0;
    this.#give(from, 0, start + 12, start + 12 + captured, wireBytes, fileOffset);
  }

  #give(
    from: Interface,
    interfaceIndex: number,
    start: number,
    end: number,
    wireBytes: number,
    fileOffset: number,
  ): void {
    const packet = this.#packet;
    packet.number += 1;
    packet.fileOffset = fileOffset;
    packet.linkType = from.linkType;
    packet.interfaceIndex = this.#earlierInterfaces + interfaceIndex;
    packet.start = start;
    packet.end = end;
    packet.wireBytes = Math.max(end - start, wireBytes);
    this.#sink.packet(packet);
  }

  #statistics(view: DataView, start: number, end: number, fileOffset: number): void {
    this.#need(end - start, 20, 'an interface statistics block', fileOffset);
    const index = view.getUint32(start + 8, this.#isLittle);
    this.#interfaceOf(index, fileOffset);
    const options = new BlockOptions(view, start + 20, end, this.#isLittle);
    const received = options.uint64(Option.ISB_IFRECV);
    const lost = [options.uint64(Option.ISB_IFDROP), options.uint64(Option.ISB_OSDROP)];
    const dropped = lost.every((count) => count === undefined)
      ? undefined
      : lost.reduce<number>((sum, count) => sum + (count ?? 0), 0);
    this.#sink.note({
      kind: 'statistics',
      interfaceIndex: this.#earlierInterfaces + index,
      ...(received === undefined ? {} : { received }),
      ...(dropped === undefined ? {} : { dropped }),
    });
  }

  #comments(options: BlockOptions, packet: number | null): void {
    for (const text of options.texts(Option.COMMENT)) {
      if (this.#commentChars >= MAX_COMMENT_CHARS) return;
      const kept = text.slice(0, MAX_COMMENT_CHARS - this.#commentChars);
      this.#commentChars += kept.length;
      this.#sink.note({ kind: 'comment', packet, text: kept });
    }
  }

  #interfaceOf(index: number, fileOffset: number): Interface {
    const found = this.#interfaces[index];
    if (found !== undefined) return found;
    throw malformed(`one of the section's ${this.#interfaces.length} interfaces`, `number ${index}`, fileOffset);
  }

  #need(bytes: number, least: number, what: string, fileOffset: number): void {
    if (bytes < least) throw malformed(`${least + 4} bytes or more of ${what}`, String(bytes + 4), fileOffset);
  }

  #skipLong(type: number, length: number, fileOffset: number): void {
    if (type === ENHANCED_PACKET || type === OLD_PACKET || type === SIMPLE_PACKET || type === SECTION_HEADER)
      throw malformed(`a block of at most ${MAX_BLOCK_BYTES} bytes`, String(length), fileOffset);
    this.#toSkip = length;
    this.#sink.note({ kind: 'skipped', fileOffset, why: `a block of type ${type} with ${length} bytes` });
  }
}

function isLittleSection(view: DataView, at: number, fileOffset: number): boolean {
  if (view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC) return true;
  const magic = view.getUint32(at + 8, false);
  if (magic === BYTE_ORDER_MAGIC) return false;
  throw malformed('the byte-order magic 0x1a2b3c4d', `0x${magic.toString(16)}`, fileOffset);
}

function malformed(expected: string, got: string, fileOffset: number): CaptureError {
  return new CaptureError('CAPTURE_MALFORMED', `Wrong block at byte ${fileOffset}: expected ${expected}, got ${got}`, {
    fileOffset,
  });
}
