import type { CapturedPacket, PacketSink } from '../captured-packet.ts';
import { CaptureError } from '../capture-error.ts';
import { newPacket } from './new-packet.ts';
import { TextClock } from './text-clock.ts';
import { brokenLineOf, BYTES_PER_LINE, hexLineOf, plainLine, type HexLine } from './text-line.ts';
import { guessLink } from './text-link.ts';

/** A line of text longer than that is none of tcpdump's bytes, and is left out. */
const MAX_LINE_BYTES = 4096;
/** As long as a packet of IP can be, and its Ethernet header. */
const MAX_TEXT_PACKET_BYTES = 65_535 + 64;
const NEWLINE = 0x0a;
/** tshark -x: what it has put together of several packets, and shows again. */
const OTHER_DUMP = /^(?!Frame )\w.* \(\d+ bytes?\):$/;

/**
 * What `tcpdump -X`, `-XX` or `tshark -x` print, or a part of it that somebody has pasted or quoted: each packet is a line with
 * its time, and lines with its bytes in hexadecimal. `-X` leaves out the link layer. Lines that are neither are left out.
 */
export class TextReader {
  readonly #sink: PacketSink;
  readonly #packet: CapturedPacket = newPacket();
  readonly #clock = new TextClock();
  readonly #bytes = Buffer.alloc(MAX_TEXT_PACKET_BYTES + BYTES_PER_LINE);
  #length = 0;
  /** The beginning of a line. */
  readonly #kept = Buffer.alloc(MAX_LINE_BYTES);
  /** Its length, which may be more than what is kept. */
  #keptBytes = 0;
  #lines = 0;
  #summaries = 0;
  #lineOffset = 0;
  #packetOffset = 0;
  /** Bytes in the line before, if it was one of a dump. */
  #inLine = BYTES_PER_LINE;
  #isOtherDump = false;

  constructor(sink: PacketSink) {
    this.#sink = sink;
    this.#packet.bytes = this.#bytes;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, at);
      if (end === -1) break;
      this.#keep(chunk, at, end);
      this.#endLine(1);
      at = end + 1;
    }
    this.#keep(chunk, at, chunk.length);
  }

  end(): void {
    if (this.#keptBytes > 0) this.#endLine(0);
    this.#give();
    if (this.#packet.number > 0) return;
    const got = this.#summaries > 0 ? 'lines without their bytes' : 'no line of it';
    throw new CaptureError(
      'CAPTURE_MALFORMED',
      `No packet in ${this.#lines} lines of text: expected the output of tcpdump -X or -XX, got ${got}`,
      { line: this.#lines },
    );
  }

  #keep(chunk: Uint8Array, start: number, end: number): void {
    if (this.#keptBytes < MAX_LINE_BYTES)
      this.#kept.set(chunk.subarray(start, Math.min(end, start + MAX_LINE_BYTES - this.#keptBytes)), this.#keptBytes);
    this.#keptBytes += end - start;
  }

  #endLine(newlineBytes: number): void {
    this.#lines += 1;
    if (this.#keptBytes <= MAX_LINE_BYTES) this.#take(plainLine(this.#kept.subarray(0, this.#keptBytes)));
    this.#lineOffset += this.#keptBytes + newlineBytes;
    this.#keptBytes = 0;
  }

  #take(line: string): void {
    const hex = hexLineOf(line) ?? (this.#inLine < BYTES_PER_LINE ? brokenLineOf(line) : null);
    this.#inLine = BYTES_PER_LINE;
    if (hex !== null) this.#hex(hex);
    else if (this.#clock.read(line)) this.#summary();
    // An empty line ends a packet of tshark's, which without a summary begins with its first byte.
    else this.#isOtherDump = OTHER_DUMP.test(line.trim());
  }

  #summary(): void {
    this.#give();
    this.#isOtherDump = false;
    this.#summaries += 1;
    this.#packetOffset = this.#lineOffset;
    this.#packet.seconds = this.#clock.seconds;
    this.#packet.nanoseconds = this.#clock.nanoseconds;
  }

  /** A line that begins anew begins a packet; one that does not follow what is there leaves the packet cut. */
  #hex({ offset, digits }: HexLine): void {
    if (this.#isOtherDump) return;
    if (offset === 0) this.#give();
    else if (offset !== -1 && offset !== this.#length) return;
    if (this.#length === 0) this.#packet.fileOffset = this.#summaries > 0 ? this.#packetOffset : this.#lineOffset;
    const written = this.#bytes.write(digits, this.#length, 'hex');
    this.#inLine = offset === -1 ? BYTES_PER_LINE : written;
    this.#length = Math.min(MAX_TEXT_PACKET_BYTES, this.#length + written);
  }

  #give(): void {
    if (this.#length === 0) return;
    const packet = this.#packet;
    packet.number += 1;
    packet.end = this.#length;
    guessLink(packet);
    const { linkType } = packet;
    if (packet.number === 1) this.#sink.note({ kind: 'interface', index: 0, linkType, snapBytes: 0 });
    this.#sink.packet(packet);
    this.#sink.settle?.();
    this.#length = 0;
  }
}
