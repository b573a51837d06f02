import type { CapturedPacket } from '../captured-packet.ts';
import type { FlowSide, GapReason } from '../tcp-flow.ts';
import { TcpFlag, type TcpSegment } from '../tcp-segment.ts';
import { LatestPieces } from './latest-pieces.ts';
import { PendingSegments } from './pending-segments.ts';
import type { RecentPayload } from './recent-payload.ts';
import { MAX_LATE_PACKETS, MAX_PENDING_BYTES, MAX_PENDING_SEGMENTS } from './tcp-limits.ts';

/** Where one direction of a connection puts what it has put in order. */
export interface HalfSink {
  data(bytes: Uint8Array, start: number, end: number, packet: CapturedPacket): void;
  gap(offset: number, length: number, reason: GapReason, packet: CapturedPacket | null): void;
  ended(how: 'fin' | 'rst', packet: CapturedPacket): void;
}

/** So many of the latest packets are remembered, to be told from copies of them. */
const FINGERPRINTS = 4;

/** One direction of a TCP connection: puts its segments in order, each byte once, and says what is missing. */
export class HalfStream implements FlowSide {
  streamBytes = 0;
  acknowledgedBytes = 0;
  retransmissions = 0;
  outOfOrder = 0;
  duplicates = 0;
  keepAlives = 0;
  conflicts = 0;
  packets = 0;
  end: 'fin' | 'rst' | null = null;
  /** Whether it is known where the stream begins. */
  isBased = false;
  readonly pending = new PendingSegments();
  readonly #sink: HalfSink;
  readonly #latest: LatestPieces;
  /** Sequence number of the byte at `streamBytes`. */
  #next = 0;
  /** How much the latest acknowledgement said anew. */
  #latestAcknowledged = 0;
  /** Of the end; −1: it has not been seen. */
  #finOffset = -1;
  /** Packets of the connection since something was missing that the other end has. */
  #late = 0;
  readonly #fingerprints = new Float64Array(FINGERPRINTS * 2).fill(-1);
  #fingerprint = 0;

  constructor(sink: HalfSink, recent: RecentPayload) {
    this.#sink = sink;
    this.#latest = new LatestPieces(recent);
  }

  /** The stream begins at this sequence number. */
  base(sequence: number): void {
    this.isBased = true;
    this.#next = sequence;
  }

  /** Whether a SYN with this sequence number begins what is followed here. */
  isBasedAt(sequence: number): boolean {
    return this.streamBytes + ((sequence - this.#next) | 0) === 0;
  }

  /** The other end says that it has everything before this sequence number. */
  acknowledge(sequence: number): void {
    if (!this.isBased) this.base(sequence);
    const offset = this.streamBytes + ((sequence - this.#next) | 0);
    // The end takes a number of its own.
    const most = this.#finOffset === -1 ? offset : Math.min(offset, this.#finOffset);
    if (most <= this.acknowledgedBytes) return;
    this.#latestAcknowledged = most - this.acknowledgedBytes;
    this.acknowledgedBytes = most;
  }

  /** A packet of the connection has been looked at, of either direction. */
  passed(packet: CapturedPacket): void {
    if (this.pending.count === 0) return;
    if (this.acknowledgedBytes < this.pending.firstOffset) return;
    this.#late += 1;
    if (this.#late >= MAX_LATE_PACKETS) this.skip('lost', packet);
  }

  /** Whether this very packet has been seen: captured twice, not sent twice. */
  isCopy(segment: TcpSegment): boolean {
    const { sequence, acknowledgement, identification, checksum, payloadBytes, flags } = segment;
    const one = sequence * 0x10000 + identification;
    const other = acknowledgement * 0x10000 + ((checksum ^ (payloadBytes << 3) ^ flags) & 0xffff);
    const prints = this.#fingerprints;
    if (identification !== 0) {
      for (let at = 0; at < prints.length; at += 2) if (prints[at] === one && prints[at + 1] === other) return true;
    }
    prints[this.#fingerprint] = one;
    prints[this.#fingerprint + 1] = other;
    this.#fingerprint = (this.#fingerprint + 2) % prints.length;
    return false;
  }

  /** The capture's memory is about to be used again. */
  settle(): void {
    this.#latest.settle();
  }

  /** A segment of this direction. */
  segment(segment: TcpSegment): void {
    const { packet, payloadBytes, flags } = segment;
    const sequence = (flags & TcpFlag.SYN) === 0 ? segment.sequence : (segment.sequence + 1) >>> 0;
    const ahead = (sequence - this.#next) | 0;
    if ((flags & TcpFlag.FIN) !== 0)
      this.#finOffset = Math.max(this.#finOffset, this.streamBytes + ahead + payloadBytes);
    if (payloadBytes > 0) this.#payload(segment, ahead);
    else if (ahead === -1 && (flags & (TcpFlag.SYN | TcpFlag.FIN | TcpFlag.RST)) === 0) this.keepAlives += 1;
    if ((flags & TcpFlag.RST) !== 0) this.#ended('rst', packet);
    else this.#checkEnd(packet);
  }

  /** Gives up what is missing in front of what is kept back. */
  skip(reason: GapReason, packet: CapturedPacket): void {
    const length = this.pending.firstOffset - this.streamBytes;
    this.#late = 0;
    if (length === Infinity) return;
    this.#gap(length, reason, packet);
    this.#release(packet);
  }

  /** Nothing more comes. */
  finish(packet: CapturedPacket): void {
    while (this.pending.count > 0) this.skip('lost', packet);
    if (this.packets === 0) this.#guessEnd();
    const known = Math.max(this.#finOffset, this.acknowledgedBytes);
    if (known > this.streamBytes)
      this.#gap(known - this.streamBytes, this.packets === 0 ? 'uncaptured' : 'lost', packet);
    this.#checkEnd(packet);
  }

  /** Of a direction that was not captured, an acknowledgement of a single number at the last is most likely that of its end. */
  #guessEnd(): void {
    if (this.#latestAcknowledged !== 1 || this.#finOffset !== -1) return;
    this.acknowledgedBytes -= 1;
    this.#finOffset = this.acknowledgedBytes;
  }

  #payload({ packet, bytes, payloadStart, payloadEnd, payloadBytes }: TcpSegment, ahead: number): void {
    if (ahead === 0 && this.pending.count === 0) {
      this.#give(bytes, payloadStart, payloadEnd, payloadBytes, packet);
      return;
    }
    if (ahead + payloadBytes <= 0) {
      if (payloadBytes === 1 && ahead === -1) this.keepAlives += 1;
      else this.retransmissions += 1;
      this.#compare(bytes, payloadStart, payloadEnd, ahead);
      return;
    }
    if (ahead > 0) {
      this.#keep(bytes, payloadStart, payloadEnd, payloadBytes, ahead);
      if (this.pending.bytes > MAX_PENDING_BYTES || this.pending.count > MAX_PENDING_SEGMENTS)
        this.skip('abandoned', packet);
      return;
    }
    if (ahead < 0) this.#compare(bytes, payloadStart, payloadEnd, ahead);
    // Through what is kept back: an overlap with that is found there.
    this.#keep(bytes, Math.min(payloadEnd, payloadStart - ahead), payloadEnd, payloadBytes + ahead, 0);
    if (this.pending.count > 0) this.outOfOrder += 1;
    this.#late = 0;
    this.#release(packet);
  }

  #keep(bytes: Uint8Array, start: number, end: number, length: number, ahead: number): void {
    this.conflicts += this.pending.add(this.streamBytes + ahead, bytes.subarray(start, end), length) > 0 ? 1 : 0;
  }

  /** Gives what is kept back and has nothing missing in front of it any more. */
  #release(packet: CapturedPacket): void {
    while (this.pending.firstOffset <= this.streamBytes) {
      const first = this.pending.takeFirst();
      if (first === undefined) return;
      this.#give(first.bytes, 0, first.bytes.length, first.length, packet);
    }
    this.#checkEnd(packet);
  }

  #give(bytes: Uint8Array, start: number, end: number, length: number, packet: CapturedPacket): void {
    const captured = end - start;
    if (captured > 0) {
      this.#latest.add(this.streamBytes, bytes, start, captured);
      this.#advance(captured);
      this.#sink.data(bytes, start, end, packet);
    }
    if (captured < length) this.#gap(length - captured, 'snapped', packet);
  }

  #gap(length: number, reason: GapReason, packet: CapturedPacket): void {
    const offset = this.streamBytes;
    this.#advance(length);
    this.#sink.gap(offset, length, reason, packet);
  }

  #advance(length: number): void {
    this.streamBytes += length;
    this.#next = (this.#next + length) >>> 0;
  }

  #checkEnd(packet: CapturedPacket): void {
    if (this.#finOffset !== -1 && this.streamBytes >= this.#finOffset) this.#ended('fin', packet);
  }

  #ended(how: 'fin' | 'rst', packet: CapturedPacket): void {
    if (this.end !== null) return;
    this.end = how;
    this.#sink.ended(how, packet);
  }

  /** Whether what comes again, at `ahead` from where the stream stands, is what came before. */
  #compare(bytes: Uint8Array, start: number, end: number, ahead: number): void {
    if (this.#latest.differs(this.streamBytes + ahead, bytes, start, end)) this.conflicts += 1;
  }
}
