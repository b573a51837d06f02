import type { CapturedPacket } from '../captured-packet.ts';
import type { FlowDirection, FlowSide, FlowSink, GapReason, TcpFlow } from '../tcp-flow.ts';
import { TcpFlag, type TcpSegment } from '../tcp-segment.ts';
import { LatestPieces } from './latest-pieces.ts';
import { PacketPrints } from './packet-prints.ts';
import { PendingSegments } from './pending-segments.ts';
import type { RecentPayload } from './recent-payload.ts';
import {
  MAX_LATE_PACKETS,
  MAX_PENDING_BYTES,
  MAX_PENDING_SEGMENTS,
  MAX_PLAUSIBLE_AHEAD_BYTES,
  MAX_UNACKNOWLEDGED_LATE_PACKETS,
  MAX_WINDOW_BYTES,
} from './tcp-limits.ts';

const { SYN, FIN, RST } = TcpFlag;

/** What all connections share. */
export interface HalfShared {
  readonly sink: FlowSink;
  readonly recent: RecentPayload;
}

/** One direction of a TCP connection: puts its segments in order, each byte once, and says what is missing. */
export class HalfStream implements FlowSide {
  streamBytes = 0;
  acknowledgedBytes = 0;
  retransmissions = 0;
  outOfOrder = 0;
  duplicates = 0;
  keepAlives = 0;
  conflicts = 0;
  strays = 0;
  lateBytes = 0;
  perhapsBytes: -1 | 0 | 1 = 0;
  packets = 0;
  endAcknowledged = false;
  end: 'fin' | 'rst' | null = null;
  /** Whether it is known where the stream begins. */
  isBased = false;
  readonly pending = new PendingSegments();
  readonly prints = new PacketPrints();
  /** Changes if it turns out who is who. */
  direction: FlowDirection;
  readonly #flow: TcpFlow;
  readonly #sink: FlowSink;
  readonly #latest: LatestPieces;
  /** Sequence number of the byte at `streamBytes`, with a sign: small integers are not boxed. */
  #next = 0;
  /** The base is that of a bare segment in the middle of a connection, which may have been a keep-alive. */
  #isBaseUnsure = false;
  /** How much the latest acknowledgement said anew, and whether the other end's own end came with it. */
  #latestAcknowledged = 0;
  #isAcknowledgedByEnd = false;
  /** Of the end; −1: it has not been seen. */
  #finOffset = -1;
  /** Packets of the connection since something was missing that the other end has. */
  #late = 0;

  constructor(flow: TcpFlow, direction: FlowDirection, { sink, recent }: HalfShared) {
    this.#flow = flow;
    this.direction = direction;
    this.#sink = sink;
    this.#latest = new LatestPieces(recent);
  }

  /** The stream begins where this segment of it says. */
  base({ sequence, flags, payloadBytes }: TcpSegment): void {
    this.#base((flags & SYN) === 0 ? sequence : sequence + 1);
    this.#isBaseUnsure = payloadBytes === 0 && (flags & (SYN | FIN | RST)) === 0;
  }

  #base(sequence: number): void {
    this.isBased = true;
    this.#next = sequence | 0;
  }

  /** Whether this is payload that goes on where the stream stands: then it has not been seen before. */
  isNext({ sequence, payloadBytes }: TcpSegment): boolean {
    return payloadBytes > 0 && ((sequence - this.#next) | 0) === 0 && this.isBased;
  }

  /** Whether a SYN with this sequence number begins what is followed here. */
  isBasedAt(sequence: number): boolean {
    return this.streamBytes + ((sequence - this.#next) | 0) === 0;
  }

  /** How far a number is ahead of all that is known of the stream. */
  aheadOfAll(sequence: number): number {
    const furthest = Math.max(this.streamBytes, this.acknowledgedBytes);
    return (sequence - (this.#next + (furthest - this.streamBytes))) | 0;
  }

  /** The other end says that it has everything before this number. False: it cannot have said that. */
  acknowledge(sequence: number, isWithEnd: boolean): boolean {
    if (!this.isBased) this.#base(sequence);
    const ahead = this.aheadOfAll(sequence);
    if (ahead > MAX_WINDOW_BYTES) return false;
    if (this.#isBaseUnsure && ahead === 1 && this.#isUntouched()) {
      this.#passKeepAlive();
      return true;
    }
    const offset = Math.max(this.streamBytes, this.acknowledgedBytes) + ahead;
    // The end takes a number of its own.
    if (this.#finOffset !== -1 && offset > this.#finOffset) this.endAcknowledged = true;
    const most = this.#finOffset === -1 ? offset : Math.min(offset, this.#finOffset);
    if (most <= this.acknowledgedBytes) return true;
    this.#latestAcknowledged = most - this.acknowledgedBytes;
    this.#isAcknowledgedByEnd = isWithEnd;
    this.acknowledgedBytes = most;
    return true;
  }

  #isUntouched(): boolean {
    return this.streamBytes === 0 && this.acknowledgedBytes === 0 && this.pending.count === 0;
  }

  /** What the stream was thought to begin with is the byte before. */
  #passKeepAlive(): void {
    this.#base(this.#next + 1);
    this.#isBaseUnsure = false;
    this.keepAlives += 1;
  }

  /** A packet of the connection has been looked at, of either direction. */
  passed(packet: CapturedPacket, isOtherCaptured: boolean): void {
    if (this.pending.count === 0) return;
    if (isOtherCaptured && this.acknowledgedBytes < this.pending.firstOffset) return;
    this.#late += 1;
    if (this.#late >= (isOtherCaptured ? MAX_LATE_PACKETS : MAX_UNACKNOWLEDGED_LATE_PACKETS)) this.skip('lost', packet);
  }

  /** The capture's memory is about to be used again. */
  settle(): void {
    this.#latest.settle();
  }

  /** A segment of this direction. */
  segment(segment: TcpSegment): void {
    const { packet, payloadBytes, flags } = segment;
    const sequence = (flags & SYN) === 0 ? segment.sequence : (segment.sequence + 1) >>> 0;
    const ahead = (sequence - this.#next) | 0;
    if ((flags & RST) !== 0) {
      this.#reset(sequence, packet);
      return;
    }
    if (ahead > MAX_WINDOW_BYTES || ahead < -MAX_WINDOW_BYTES) {
      this.strays += 1;
      return;
    }
    if ((flags & FIN) !== 0) this.#seeEnd(this.streamBytes + ahead + payloadBytes);
    if (payloadBytes > 0) this.#payload(segment, ahead);
    else if (ahead === -1 && (flags & (SYN | FIN)) === 0) this.keepAlives += 1;
    this.#checkEnd(packet);
  }

  /** Only a reset with a number that the other end waits for has an effect (RFC 5961); what it may carry is no data. */
  #reset(sequence: number, packet: CapturedPacket): void {
    const ahead = this.aheadOfAll(sequence);
    const least = Math.min(0, this.acknowledgedBytes - this.streamBytes);
    if (ahead < least || ahead > MAX_PLAUSIBLE_AHEAD_BYTES) this.strays += 1;
    else this.#ended('rst', packet);
  }

  #seeEnd(offset: number): void {
    this.#finOffset = Math.max(this.#finOffset, offset);
    // The acknowledgement may have come before it.
    this.acknowledgedBytes = Math.min(this.acknowledgedBytes, this.#finOffset);
  }

  /** Gives up what is missing in front of what is kept back. */
  skip(reason: GapReason, packet: CapturedPacket): void {
    const length = this.pending.firstOffset - this.streamBytes;
    this.#late = 0;
    if (length === Infinity) return;
    this.#gap(length, reason, packet);
    this.#release(packet);
  }

  /** Nothing more comes. @param otherEnd how the other side has ended. */
  finish(packet: CapturedPacket, otherEnd: FlowSide['end']): void {
    while (this.pending.count > 0) this.skip('lost', packet);
    if (this.packets === 0) this.#guessEnd(otherEnd);
    // A single number that is missing at the last is that of the end.
    else if (this.acknowledgedBytes === this.streamBytes + 1 && this.#finOffset === -1) this.#seeEnd(this.streamBytes);
    const known = Math.max(this.#finOffset, this.acknowledgedBytes);
    if (known > this.streamBytes)
      this.#gap(known - this.streamBytes, this.packets === 0 ? 'uncaptured' : 'lost', packet);
    this.#checkEnd(packet);
    this.#latest.clear();
  }

  /** Of a direction that was not captured: a single number at the last, or what came with the other end's own, is that of its end. */
  #guessEnd(otherEnd: FlowSide['end']): void {
    if (this.#finOffset !== -1 || this.acknowledgedBytes === 0) return;
    const isSingle = this.#latestAcknowledged === 1;
    if (isSingle || this.#isAcknowledgedByEnd) this.#seeEnd(this.acknowledgedBytes - 1);
    if (isSingle) this.perhapsBytes = otherEnd === 'fin' ? 0 : 1;
    else if (otherEnd === 'fin') this.perhapsBytes = this.#isAcknowledgedByEnd ? 1 : -1;
  }

  #payload({ packet, bytes, payloadStart, payloadEnd, payloadBytes }: TcpSegment, ahead: number): void {
    if (this.#isBaseUnsure && ahead === 1 && this.#isUntouched()) {
      this.#passKeepAlive();
      ahead = 0;
    }
    if (ahead === 0 && this.pending.count === 0) {
      this.#give(bytes, payloadStart, payloadEnd, payloadBytes, packet);
      return;
    }
    if (ahead + payloadBytes <= 0) {
      this.#again(bytes, payloadStart, payloadEnd, ahead, packet);
      return;
    }
    if (ahead > 0) {
      this.#keep(bytes.subarray(payloadStart, payloadEnd), payloadBytes, ahead, packet);
      if (this.pending.bytes > MAX_PENDING_BYTES || this.pending.count > MAX_PENDING_SEGMENTS)
        this.skip('abandoned', packet);
      return;
    }
    if (ahead < 0) this.#compare(bytes, payloadStart, payloadEnd, ahead, packet);
    // Through what is kept back: an overlap with that is found there.
    if (this.pending.count > 0) this.outOfOrder += 1;
    this.#keep(bytes.subarray(Math.min(payloadEnd, payloadStart - ahead), payloadEnd), payloadBytes + ahead, 0, packet);
    this.#late = 0;
    this.#release(packet);
  }

  /** A segment that says nothing new. A keep-alive may bear one byte of anything. */
  #again(bytes: Uint8Array, start: number, end: number, ahead: number, packet: CapturedPacket): void {
    if (ahead === -1 && end - start <= 1 && this.acknowledgedBytes >= this.streamBytes) {
      this.keepAlives += 1;
      return;
    }
    this.retransmissions += 1;
    this.#compare(bytes, start, end, ahead, packet);
  }

  #keep(bytes: Uint8Array, length: number, ahead: number, packet: CapturedPacket): void {
    const before = this.pending.count;
    const conflict = this.pending.add(this.streamBytes + ahead, bytes, length);
    if (this.pending.count === before) this.retransmissions += 1;
    this.#conflict(conflict, packet);
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

  // Positional, as all that is done for each segment.
  #give(bytes: Uint8Array, start: number, end: number, length: number, packet: CapturedPacket): void {
    const captured = end - start;
    if (captured > 0) {
      this.#latest.add(this.streamBytes, bytes, start, captured);
      this.#advance(captured);
      this.#sink.data(this.#flow, this.direction, bytes, start, end, packet);
    }
    if (captured < length) this.#gap(length - captured, 'snapped', packet);
  }

  #gap(length: number, reason: GapReason, packet: CapturedPacket): void {
    const offset = this.streamBytes;
    this.#advance(length);
    this.#sink.gap(this.#flow, this.direction, { offset, length, reason }, packet);
  }

  #advance(length: number): void {
    this.streamBytes += length;
    this.#next = (this.#next + length) | 0;
  }

  #checkEnd(packet: CapturedPacket): void {
    if (this.#finOffset !== -1 && this.streamBytes >= this.#finOffset) this.#ended('fin', packet);
  }

  #ended(how: 'fin' | 'rst', packet: CapturedPacket): void {
    if (this.end !== null) return;
    this.end = how;
    this.#sink.ended(this.#flow, this.direction, how, packet);
  }

  /** Whether what comes again, at `ahead` from where the stream stands, is what came before. */
  #compare(bytes: Uint8Array, start: number, end: number, ahead: number, packet: CapturedPacket): void {
    this.#conflict(this.#latest.difference(this.streamBytes + ahead, bytes, start, end), packet);
  }

  #conflict(offset: number, packet: CapturedPacket): void {
    if (offset === -1) return;
    this.conflicts += 1;
    this.#sink.conflict?.(this.#flow, this.direction, { offset }, packet);
  }
}
