import type { CapturedPacket, PacketSink } from '../captured-packet.ts';
import { CaptureError } from '../capture-error.ts';
import { newPacket } from './new-packet.ts';

/** A line of text longer than that is none of tcpdump's. */
const MAX_LINE_CHARS = 4096;
/** As long as a packet of IP can be, and its Ethernet header. */
const MAX_TEXT_PACKET_BYTES = 65_535 + 64;
const LINKTYPE_ETHERNET = 1;
const LINKTYPE_RAW = 101;

/** `	0x0010:  4500 0034 …  E..4`; wireshark's own dumps have `0010  45 00 …`. */
const HEX_LINE = /^\s*(?:0x)?([0-9a-f]{4,8}):?\s{1,3}((?:[0-9a-f]{2,4}\s?){1,16})/i;
/** `12:34:56.789012 IP …`, with a date before it, or as seconds since 1970. */
const TIME = /^(?:(\d{4})-(\d\d)-(\d\d) )?(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? |^(\d{9,10})\.(\d{1,9}) /;
const HALF_A_DAY_S = 43_200;
const DAY_S = 86_400;

/**
 * What `tcpdump -X` and `-XX` print, or a part of it that somebody has pasted: each packet is a line with its time, and
 * lines with its bytes in hexadecimal. `-X` leaves out the link layer. Lines that are neither are left out.
 */
export class TextReader {
  readonly #sink: PacketSink;
  readonly #packet: CapturedPacket = newPacket();
  readonly #decoder = new TextDecoder();
  readonly #bytes = new Uint8Array(MAX_TEXT_PACKET_BYTES);
  #length = 0;
  #rest = '';
  #line = 0;
  #lineOffset = 0;
  #packetLine = 0;
  #days = 0;

  constructor(sink: PacketSink) {
    this.#sink = sink;
    this.#packet.bytes = this.#bytes;
  }

  push(chunk: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > MAX_LINE_CHARS) throw this.#tooLong();
    for (const line of lines) this.#take(line);
  }

  end(): void {
    if (this.#rest !== '') this.#take(this.#rest);
    this.#give();
    if (this.#packet.number > 0) return;
    throw new CaptureError(
      'CAPTURE_MALFORMED',
      `No packet in ${this.#line} lines of text: expected the output of tcpdump -X or -XX`,
      { line: this.#line },
    );
  }

  #take(line: string): void {
    this.#line += 1;
    if (line.length > MAX_LINE_CHARS) throw this.#tooLong();
    const hex = HEX_LINE.exec(line);
    const time = hex === null ? TIME.exec(line) : null;
    if (hex !== null) this.#hex(Number.parseInt(hex[1] ?? '', 16), (hex[2] ?? '').replaceAll(/\s/g, ''));
    else if (time !== null) this.#summary(time);
    this.#lineOffset += line.length + 1;
  }

  #summary(time: RegExpExecArray): void {
    this.#give();
    this.#packetLine = this.#lineOffset;
    const [, year, month, day, hour, minute, second, fraction, seconds, part] = time;
    this.#packet.nanoseconds = Number((fraction ?? part ?? '0').padEnd(9, '0'));
    if (seconds !== undefined) {
      this.#packet.seconds = Number(seconds);
      return;
    }
    const ofDay = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
    if (year !== undefined) {
      this.#packet.seconds = Date.UTC(Number(year), Number(month) - 1, Number(day)) / 1000 + ofDay;
      return;
    }
    // Without a date it is some day's, and past midnight the next: what counts is the time between packets.
    if (ofDay + this.#days * DAY_S < this.#packet.seconds - HALF_A_DAY_S) this.#days += 1;
    this.#packet.seconds = ofDay + this.#days * DAY_S;
  }

  /** A line with another offset than the bytes before it has begins a packet of its own. */
  #hex(offset: number, digits: string): void {
    if (offset === 0) this.#give();
    else if (offset !== this.#length) return;
    if (this.#length === 0) this.#packet.fileOffset = this.#packetLine;
    for (let at = 0; at + 1 < digits.length && this.#length < MAX_TEXT_PACKET_BYTES; at += 2) {
      this.#bytes[this.#length] = Number.parseInt(digits.slice(at, at + 2), 16);
      this.#length += 1;
    }
  }

  #give(): void {
    if (this.#length === 0) return;
    const packet = this.#packet;
    packet.linkType = this.#isIp(0) ? LINKTYPE_RAW : LINKTYPE_ETHERNET;
    packet.number += 1;
    packet.end = this.#length;
    packet.wireBytes = this.#length;
    if (packet.number === 1) this.#sink.note({ kind: 'interface', index: 0, linkType: packet.linkType, snapBytes: 0 });
    this.#sink.packet(packet);
    this.#sink.settle?.();
    this.#length = 0;
  }

  /** Whether an IP header begins there: its version, and a length that the packet has room for. */
  #isIp(at: number): boolean {
    const version = (this.#bytes[at] ?? 0) >> 4;
    if (version === 4) return ((this.#bytes[at] ?? 0) & 0x0f) >= 5 && this.#length >= 20;
    return version === 6 && this.#length >= 40;
  }

  #tooLong(): CaptureError {
    return new CaptureError(
      'CAPTURE_MALFORMED',
      `Line ${this.#line} is too long: expected the output of tcpdump -X, of at most ${MAX_LINE_CHARS} characters a line`,
      { line: this.#line },
    );
  }
}
