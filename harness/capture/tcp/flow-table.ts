import type { CapturedPacket } from '../captured-packet.ts';
import { speakerOf } from '../protocol/speaker-of.ts';
import type { FlowDirection, FlowSink } from '../tcp-flow.ts';
import { TcpFlag, type SegmentSink, type TcpSegment } from '../tcp-segment.ts';
import { Connection } from './connection.ts';
import type { HalfStream } from './half-stream.ts';
import { RecentPayload } from './recent-payload.ts';
import {
  EVICTED_AT_ONCE,
  MAX_ALL_PENDING_BYTES,
  MAX_FLOWS,
  MAX_PLAUSIBLE_AHEAD_BYTES,
  MAX_WINDOW_BYTES,
} from './tcp-limits.ts';

const { SYN, ACK, FIN, RST } = TcpFlag;
/** Below that, a port is a server's. */
const EPHEMERAL_PORT = 32_768;

/** Follows the TCP connections of a capture, and puts each direction in order. */
export class FlowTable implements SegmentSink {
  /** Connections that were given up while they were open, to make room for others. */
  evictions = 0;
  readonly #sink: FlowSink;
  readonly #onOther: (packet: CapturedPacket, why: string) => void;
  readonly #recent = new RecentPayload();
  /** By both ends, the smaller first. */
  readonly #connections = new Map<string, Connection>();
  #count = 0;
  /** That of the segment before, which it most often is again. */
  #latest: Connection | null = null;
  /** Those that may point into the capture's memory. */
  readonly #unsettled = new Set<Connection>();
  #pendingBytes = 0;
  #packet: CapturedPacket | null = null;

  constructor(sink: FlowSink, onOther: (packet: CapturedPacket, why: string) => void = () => undefined) {
    this.#sink = sink;
    this.#onOther = onOther;
  }

  other(packet: CapturedPacket, why: string): void {
    this.#packet = packet;
    this.#onOther(packet, why);
  }

  segment(segment: TcpSegment): void {
    const { flags } = segment;
    this.#packet = segment.packet;
    const latest = this.#latest;
    // A SYN may begin another connection.
    if (latest !== null && (flags & SYN) === 0 && !latest.isClosed) {
      const direction = latest.directionOf(segment);
      if (direction !== null) {
        this.#take(latest, direction, segment);
        return;
      }
    }
    this.#find(segment);
  }

  /** It is not that of the segment before, or may not be. */
  #find(segment: TcpSegment): void {
    const { packet } = segment;
    const from = endKey(segment, segment.sourceAt, segment.sourcePort);
    const to = endKey(segment, segment.destinationAt, segment.destinationPort);
    const key = from < to ? from + to : to + from;
    let connection = this.#connections.get(key);
    if (connection !== undefined && isNew(connection, segment, from)) {
      this.#close(connection, packet);
      connection = undefined;
    }
    connection ??= this.#open(segment, key, from, to);
    this.#latest = connection;
    this.#unsettled.add(connection);
    this.#take(connection, connection.directionFrom(from), segment);
  }

  settle(): void {
    for (const { sides } of this.#unsettled) for (const side of sides) side.settle();
    this.#unsettled.clear();
    this.#latest = null;
  }

  /** The capture has ended. */
  end(): void {
    const packet = this.#packet;
    if (packet === null) return;
    const open = [...this.#connections.values()].toSorted((one, other) => one.id - other.id);
    for (const connection of open) this.#close(connection, packet);
  }

  // What is rare is done elsewhere: V8 takes short functions alone into the loop over the packets.
  #take(connection: Connection, direction: FlowDirection, segment: TcpSegment): void {
    const { packet, payloadBytes } = segment;
    if (payloadBytes > 0 && !connection.hasSpoken) direction = hear(connection, direction, segment);
    const mine = connection.sides[direction];
    const theirs = connection.isSelf ? mine : connection.sides[direction === 0 ? 1 : 0];
    connection.latestPacket = packet.number;
    mine.packets += 1;
    if ((connection.isClosed || !mine.isNext(segment)) && mine.prints.has(segment)) {
      mine.duplicates += 1;
      return;
    }
    mine.prints.add(segment);
    if (connection.isClosed) {
      if (mine.aheadOfAll(segment.sequence) >= 0) mine.lateBytes += payloadBytes;
      return;
    }
    if (isStray(connection, direction, theirs, segment)) {
      mine.strays += 1;
      return;
    }
    const kept = pendingOf(connection);
    if (!mine.isBased) mine.base(segment);
    mine.segment(segment);
    if (kept > 0 || mine.pending.count > 0) this.#passed(connection, mine, theirs, kept, packet);
    if (mine.end === 'rst' || (mine.end !== null && theirs.end !== null)) this.#over(connection, packet);
  }

  /** Something is kept back, or was. @param kept How much it was, before the packet. */
  #passed(connection: Connection, mine: HalfStream, theirs: HalfStream, kept: number, packet: CapturedPacket): void {
    mine.passed(packet, theirs.packets > 0);
    if (theirs !== mine) theirs.passed(packet, true);
    this.#pendingBytes += pendingOf(connection) - kept;
    if (this.#pendingBytes > MAX_ALL_PENDING_BYTES) this.#giveUp(packet);
  }

  #open(segment: TcpSegment, key: string, from: string, to: string): Connection {
    const { packet, flags } = segment;
    const hasSyn = (flags & SYN) !== 0;
    if (this.#connections.size >= MAX_FLOWS) this.#evict(packet);
    this.#count += 1;
    const connection = new Connection(
      {
        id: this.#count,
        began: hasSyn ? 'handshake' : 'midway',
        segment,
        isFromClient: hasSyn ? (flags & ACK) === 0 : looksLikeClient(segment),
        key,
        senderKey: from,
        isSelf: from === to,
      },
      { sink: this.#sink, recent: this.#recent },
    );
    this.#connections.set(key, connection);
    this.#sink.opened(connection, packet);
    return connection;
  }

  #over(connection: Connection, packet: CapturedPacket): void {
    if (connection.isClosed) return;
    connection.isClosed = true;
    const kept = pendingOf(connection);
    const [a, b] = connection.sides;
    a.finish(packet, b.end);
    b.finish(packet, a.end);
    this.#pendingBytes -= kept;
    this.#sink.closed(connection);
  }

  #close(connection: Connection, packet: CapturedPacket): void {
    this.#over(connection, packet);
    this.#connections.delete(connection.key);
    this.#unsettled.delete(connection);
    if (this.#latest === connection) this.#latest = null;
  }

  /** Those that are over go first, then those that have been silent the longest. */
  #evict(packet: CapturedPacket): void {
    const all = [...this.#connections.values()].toSorted(
      (one, other) => Number(other.isClosed) - Number(one.isClosed) || one.latestPacket - other.latestPacket,
    );
    for (const connection of all.slice(0, EVICTED_AT_ONCE)) {
      if (!connection.isClosed) this.evictions += 1;
      this.#close(connection, packet);
    }
  }

  #giveUp(packet: CapturedPacket): void {
    for (const connection of this.#connections.values()) {
      const kept = pendingOf(connection);
      for (const side of connection.sides) while (side.pending.count > 0) side.skip('abandoned', packet);
      this.#pendingBytes += pendingOf(connection) - kept;
      if (this.#pendingBytes <= MAX_ALL_PENDING_BYTES / 2) return;
    }
  }
}

function pendingOf({ sides }: Connection): number {
  const a = sides[0].pending;
  const b = sides[1].pending;
  // Most often there is nothing: it is asked twice for each segment.
  return a.count === 0 && b.count === 0 ? 0 : a.cost + b.cost;
}

/** Where it is not known who is who, what is said first may tell. Returns the direction of the segment. */
function hear(connection: Connection, direction: FlowDirection, segment: TcpSegment): FlowDirection {
  connection.hasSpoken = true;
  if (connection.began === 'handshake' || connection.isSelf) return direction;
  const speaker = speakerOf(segment.bytes, segment.payloadStart, segment.payloadEnd);
  if (speaker === null || speaker === (direction === 0 ? 'client' : 'server')) return direction;
  connection.swap();
  return direction === 0 ? 1 : 0;
}

/** Whether the ports are used again: by a SYN with another number, or by what is far from all that the old connection had. */
function isNew(connection: Connection, segment: TcpSegment, from: string): boolean {
  const { flags, sequence, payloadBytes } = segment;
  const side = connection.sides[connection.directionFrom(from)];
  if ((flags & SYN) === 0) {
    const distance = Math.abs(side.aheadOfAll(sequence));
    return connection.isClosed && payloadBytes > 0 && side.isBased && distance > MAX_WINDOW_BYTES / 16;
  }
  if (side.isBased && !side.isBasedAt((sequence + 1) >>> 0)) return true;
  // One that was refused may be asked for again with the same number.
  return connection.isClosed && (flags & ACK) === 0 && !side.prints.has(segment);
}

/** Whether the packet says something that its sender cannot know. A number that a RST alone bears may be anything. */
function isStray(connection: Connection, direction: FlowDirection, theirs: HalfStream, segment: TcpSegment): boolean {
  const { flags, acknowledgement } = segment;
  if ((flags & (ACK | RST)) !== ACK) return false;
  if (!connection.sides[direction].isBased && isOfAnother(connection, direction, segment)) return true;
  return !theirs.acknowledge(acknowledgement, (flags & FIN) !== 0);
}

/**
 * An end that still has the connection before answers a SYN with numbers of that one (RFC 9293, section 3.5.2): who has not yet
 * sent a SYN can acknowledge no more than was sent.
 */
function isOfAnother(
  { sides, began, isSelf }: Connection,
  direction: FlowDirection,
  { flags, acknowledgement }: TcpSegment,
): boolean {
  const mine = sides[direction];
  const theirs = sides[direction === 0 ? 1 : 0];
  if (began === 'midway' || isSelf || mine.isBased || !theirs.isBased || (flags & SYN) !== 0) return false;
  return Math.abs(theirs.aheadOfAll(acknowledgement)) > MAX_PLAUSIBLE_AHEAD_BYTES;
}

/** Without its beginning, whose connection is it: of two ports the server's is the one that is no ephemeral one, or the smaller. */
function looksLikeClient({ sourcePort, destinationPort }: TcpSegment): boolean {
  const isSourceEphemeral = sourcePort >= EPHEMERAL_PORT;
  const isDestinationEphemeral = destinationPort >= EPHEMERAL_PORT;
  if (isSourceEphemeral !== isDestinationEphemeral) return isSourceEphemeral;
  return sourcePort > destinationPort;
}

/** One end, as a text that tells it from others. */
function endKey({ bytes, ipVersion }: TcpSegment, addressAt: number, port: number): string {
  let key = String.fromCharCode(port);
  const end = addressAt + (ipVersion === 4 ? 4 : 16);
  for (let at = addressAt; at < end; at += 2) {
    key += String.fromCharCode(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
  }
  return key;
}
