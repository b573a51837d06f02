import type { CapturedPacket, PacketSink } from '../captured-packet.ts';
import type { CaptureNote } from '../capture-note.ts';
import type { SegmentSink, TcpSegment } from '../tcp-segment.ts';
import { Fragments } from './fragments.ts';
import { findNetwork, type NetworkPlace } from './link-layer.ts';
import { newPacket } from '../read/new-packet.ts';
import { ViewOf } from '../view-of.ts';
import { readWord } from '../read-word.ts';

const TCP = 6;
const LEAST_IPV4_BYTES = 20;
const IPV6_BYTES = 40;
const LEAST_TCP_BYTES = 20;
/** IPv6: headers that say how long they are in units of 8 bytes, and what comes next. */
const EXTENSIONS: ReadonlySet<number> = new Set([0, 43, 60, 135, 139, 140]);
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const MAX_EXTENSIONS = 16;
const PROTOCOLS = new Map([
  [1, 'ICMP'],
  [2, 'IGMP'],
  [17, 'UDP'],
  [58, 'ICMPv6'],
  [132, 'SCTP'],
]);

/** Finds the TCP segment in each packet: over IPv4 with fragments, IPv6 with extension headers, whatever the link layer. */
export class SegmentReader implements PacketSink {
  readonly #sink: SegmentSink;
  readonly #onNote: (note: CaptureNote) => void;
  readonly #place: NetworkPlace = { at: 0, version: 0, why: '' };
  readonly #fragments = new Fragments();
  readonly #view = new ViewOf();
  readonly #segment: TcpSegment = {
    packet: newPacket(),
    ipVersion: 4,
    bytes: new Uint8Array(0),
    sourceAt: 0,
    destinationAt: 0,
    sourceNumber: 0,
    destinationNumber: 0,
    sourcePort: 0,
    destinationPort: 0,
    sequence: 0,
    acknowledgement: 0,
    flags: 0,
    window: 0,
    identification: 0,
    checksum: 0,
    payloadStart: 0,
    payloadEnd: 0,
    payloadBytes: 0,
  };

  constructor(sink: SegmentSink, onNote: (note: CaptureNote) => void = () => undefined) {
    this.#sink = sink;
    this.#onNote = onNote;
  }

  note(note: CaptureNote): void {
    this.#onNote(note);
  }

  settle(): void {
    this.#sink.settle?.();
  }

  packet(packet: CapturedPacket): void {
    findNetwork(packet, this.#place);
    const { at, version, why } = this.#place;
    if (version === 0) {
      this.#sink.other(packet, why);
      return;
    }
    const cutBytes = packet.wireBytes - (packet.end - packet.start);
    if (version === 4) this.#ipv4(packet, packet.bytes, at, packet.end, cutBytes);
    else this.#ipv6(packet, packet.bytes, at, packet.end, cutBytes);
  }

  /** @param cutBytes how many bytes the packet had beyond `end` on the wire. */
  #ipv4(packet: CapturedPacket, bytes: Uint8Array, at: number, end: number, cutBytes: number): void {
    if (end - at < LEAST_IPV4_BYTES) {
      this.#sink.other(packet, 'IPv4 header cut');
      return;
    }
    const view = this.#view.of(bytes);
    const first = view.getUint8(at);
    const headerBytes = (first & 0x0f) * 4;
    if (headerBytes < LEAST_IPV4_BYTES || first >> 4 !== 4) {
      this.#sink.other(packet, 'IPv4 header wrong');
      return;
    }
    const length = view.getUint16(at + 2);
    // Segmentation offload leaves 0: then it is all that the packet has.
    // No more than the packet had on the wire, whatever a damaged header says.
    const wireEnd = Math.min(length === 0 ? Infinity : at + length, end + cutBytes);
    if ((view.getUint16(at + 6) & 0x3fff) !== 0)
      this.#ipv4Fragment(packet, bytes, at, headerBytes, wireEnd <= end ? wireEnd : -1);
    else {
      const last = wireEnd < end ? wireEnd : end;
      this.#transport(packet, view.getUint8(at + 9), 4, bytes, at + 12, at + headerBytes, last, wireEnd);
    }
  }

  /** By itself, so that V8 takes what is done for each packet into the loop over them. @param end −1: the packet is cut. */
  #ipv4Fragment(packet: CapturedPacket, bytes: Uint8Array, at: number, headerBytes: number, end: number): void {
    if (end === -1 || at + headerBytes > packet.end) {
      this.#sink.other(packet, 'IPv4 fragment cut');
      return;
    }
    const fragmentation = readWord(bytes, at + 6);
    const protocol = bytes[at + 9] ?? 0;
    const addresses = Buffer.from(bytes.buffer, bytes.byteOffset + at + 12, 8).toString('latin1');
    const whole = this.#fragments.add({
      key: `4${addresses}${protocol}.${readWord(bytes, at + 4)}`,
      header: bytes.subarray(at, at + LEAST_IPV4_BYTES),
      offset: (fragmentation & 0x1fff) * 8,
      payload: bytes.subarray(at + headerBytes, end),
      isLast: (fragmentation & 0x2000) === 0,
      seconds: packet.seconds,
    });
    if (whole === null) this.#sink.other(packet, 'IPv4 fragment');
    else this.#transport(packet, protocol, 4, whole, 12, LEAST_IPV4_BYTES, whole.length, whole.length);
  }

  #ipv6(packet: CapturedPacket, bytes: Uint8Array, at: number, end: number, cutBytes: number): void {
    if (end - at < IPV6_BYTES) {
      this.#sink.other(packet, 'IPv6 header cut');
      return;
    }
    const length = readWord(bytes, at + 4);
    const wireEnd = Math.min(length === 0 ? Infinity : at + IPV6_BYTES + length, end + cutBytes);
    const last = Math.min(end, wireEnd);
    let next = bytes[at + 6] ?? 0;
    let header = at + IPV6_BYTES;
    for (let count = 0; count < MAX_EXTENSIONS; count += 1) {
      const isKnown = EXTENSIONS.has(next) || next === AUTHENTICATION || next === FRAGMENT;
      if (!isKnown) {
        this.#transport(packet, next, 6, bytes, at + 8, header, last, wireEnd);
        return;
      }
      if (header + 8 > last) break;
      if (next === FRAGMENT) {
        const place = readWord(bytes, header + 2);
        // All of it in one: an atomic fragment (RFC 6946).
        if ((place & 0xfff9) !== 0) {
          this.#ipv6Fragment(packet, bytes, at, header, wireEnd <= end ? wireEnd : -1);
          return;
        }
      }
      const units = bytes[header + 1] ?? 0;
      const extensionBytes = next === FRAGMENT ? 8 : next === AUTHENTICATION ? (units + 2) * 4 : (units + 1) * 8;
      next = bytes[header] ?? 0;
      header += extensionBytes;
    }
    this.#sink.other(packet, 'IPv6 extension headers cut');
  }

  /** @param end −1: the packet is cut. */
  #ipv6Fragment(packet: CapturedPacket, bytes: Uint8Array, at: number, header: number, end: number): void {
    if (end === -1) {
      this.#sink.other(packet, 'IPv6 fragment cut');
      return;
    }
    const protocol = bytes[header] ?? 0;
    const place = readWord(bytes, header + 2);
    const key = Buffer.from(bytes.buffer, bytes.byteOffset + at + 8, 32).toString('latin1');
    const identification = Buffer.from(bytes.buffer, bytes.byteOffset + header + 4, 4).toString('latin1');
    const whole = this.#fragments.add({
      key: `6${key}${identification}`,
      header: bytes.subarray(at, at + IPV6_BYTES),
      offset: place & 0xfff8,
      payload: bytes.subarray(header + 8, end),
      isLast: (place & 1) === 0,
      seconds: packet.seconds,
    });
    if (whole === null) this.#sink.other(packet, 'IPv6 fragment');
    else this.#transport(packet, protocol, 6, whole, 8, IPV6_BYTES, whole.length, whole.length);
  }

  // Positional: made for each packet of a capture of millions.
  #transport(
    packet: CapturedPacket,
    protocol: number,
    ipVersion: 4 | 6,
    bytes: Uint8Array,
    sourceAt: number,
    at: number,
    end: number,
    wireEnd: number,
  ): void {
    if (protocol !== TCP) {
      this.#sink.other(packet, PROTOCOLS.get(protocol) ?? `IP protocol ${protocol}`);
      return;
    }
    if (end - at < LEAST_TCP_BYTES) {
      this.#sink.other(packet, 'TCP header cut');
      return;
    }
    // All twenty bytes are there: through a view each number is read at once.
    const view = this.#view.of(bytes);
    const headerBytes = (view.getUint8(at + 12) >> 4) * 4;
    if (headerBytes < LEAST_TCP_BYTES || at + headerBytes > wireEnd) {
      this.#sink.other(packet, 'TCP header wrong');
      return;
    }
    const segment = this.#segment;
    segment.packet = packet;
    segment.bytes = bytes;
    if (ipVersion === 4) ipv4Ends(segment, view, sourceAt);
    else ipv6Ends(segment, view, sourceAt);
    segment.sourcePort = view.getUint16(at);
    segment.destinationPort = view.getUint16(at + 2);
    segment.sequence = view.getUint32(at + 4);
    segment.acknowledgement = view.getUint32(at + 8);
    segment.flags = view.getUint8(at + 13);
    segment.window = view.getUint16(at + 14);
    segment.checksum = view.getUint16(at + 16);
    segment.payloadStart = at + headerBytes < end ? at + headerBytes : end;
    segment.payloadEnd = end;
    segment.payloadBytes = wireEnd - at - headerBytes;
    this.#sink.segment(segment);
  }
}

function ipv4Ends(segment: TcpSegment, view: DataView, sourceAt: number): void {
  segment.ipVersion = 4;
  segment.sourceAt = sourceAt;
  segment.destinationAt = sourceAt + 4;
  segment.sourceNumber = view.getInt32(sourceAt);
  segment.destinationNumber = view.getInt32(sourceAt + 4);
  // In front of the source address: 12 − 4.
  segment.identification = view.getUint16(sourceAt - 8);
}

function ipv6Ends(segment: TcpSegment, view: DataView, sourceAt: number): void {
  segment.ipVersion = 6;
  segment.sourceAt = sourceAt;
  segment.destinationAt = sourceAt + 16;
  segment.sourceNumber = mixed(view, sourceAt);
  segment.destinationNumber = mixed(view, sourceAt + 16);
  segment.identification = 0;
}

function mixed(view: DataView, at: number): number {
  return view.getInt32(at) ^ view.getInt32(at + 4) ^ view.getInt32(at + 8) ^ view.getInt32(at + 12);
}
