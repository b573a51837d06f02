import type { CapturedPacket } from '../captured-packet.ts';
import type { FlowDirection, FlowSink, GapReason, TcpFlow } from '../tcp-flow.ts';
import { TcpFlag, type SegmentSink, type TcpSegment } from '../tcp-segment.ts';
import { ConnectionEnds } from './connection-ends.ts';
import { formatEndpoint } from './format-endpoint.ts';
import { HalfStream, type HalfSink } from './half-stream.ts';
import { RecentPayload } from './recent-payload.ts';
import { MAX_ALL_PENDING_BYTES, MAX_FLOWS } from './tcp-limits.ts';

const { SYN, ACK, RST } = TcpFlag;
/** Below that, a port is a server's. */
const EPHEMERAL_PORT = 32_768;

/** A connection that is followed. */
class Connection implements TcpFlow {
  readonly id: number;
  readonly client: string;
  readonly server: string;
  readonly began: 'handshake' | 'midway';
  readonly sides: readonly [HalfStream, HalfStream];
  readonly firstPacket: number;
  /** Where it stands in the table. */
  readonly key: string;
  /** What the addresses and ports of a segment from client to server are. */
  readonly clientKey: string;
  isClosed = false;
  readonly #ends: ConnectionEnds;

  constructor(
    about: Pick<Connection, 'id' | 'client' | 'server' | 'began' | 'firstPacket' | 'key' | 'clientKey'> & {
      readonly ends: ConnectionEnds;
    },
    sink: FlowSink,
    recent: RecentPayload,
  ) {
    this.id = about.id;
    this.client = about.client;
    this.server = about.server;
    this.began = about.began;
    this.firstPacket = about.firstPacket;
    this.key = about.key;
    this.clientKey = about.clientKey;
    this.#ends = about.ends;
    this.sides = [new HalfStream(this.#half(0, sink), recent), new HalfStream(this.#half(1, sink), recent)];
  }

  /** Null: it is a segment of another connection. */
  directionOf(segment: TcpSegment): FlowDirection | null {
    return this.#ends.directionOf(segment);
  }

  #half(direction: FlowDirection, sink: FlowSink): HalfSink {
    return {
      data: (bytes, start, end, packet) => {
        sink.data(this, direction, bytes, start, end, packet);
      },
      gap: (offset: number, length: number, reason: GapReason, packet) => {
        sink.gap(this, direction, { offset, length, reason }, packet);
      },
      ended: (how, packet) => {
        sink.ended(this, direction, how, packet);
      },
    };
  }
}

/** Follows the TCP connections of a capture, and puts each direction in order. */
export class FlowTable implements SegmentSink {
  readonly #sink: FlowSink;
  readonly #onOther: (packet: CapturedPacket, why: string) => void;
  readonly #recent = new RecentPayload();
  /** By both ends, the smaller first; in the order of their latest packets but for the latest. */
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
    const { packet, flags } = segment;
    this.#packet = packet;
    const latest = this.#latest;
    // A SYN may begin another connection.
    if (latest !== null && (flags & SYN) === 0) {
      const direction = latest.directionOf(segment);
      if (direction !== null) {
        this.#take(latest, direction, segment);
        return;
      }
    }
    const from = endKey(segment, segment.sourceAt, segment.sourcePort);
    const to = endKey(segment, segment.destinationAt, segment.destinationPort);
    const key = from < to ? from + to : to + from;
    let connection = this.#connections.get(key);
    if (connection !== undefined && (flags & SYN) !== 0 && this.#isNew(connection, segment, from)) {
      this.#close(connection, packet);
      connection = undefined;
    }
    connection ??= this.#open(segment, key, from, to);
    const direction: FlowDirection = connection.clientKey === from ? 0 : 1;
    this.#latest = connection;
    this.#unsettled.add(connection);
    this.#take(connection, direction, segment);
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

  #take(connection: Connection, direction: FlowDirection, segment: TcpSegment): void {
    const { packet, flags } = segment;
    const mine = connection.sides[direction];
    const theirs = connection.sides[direction === 0 ? 1 : 0];
    mine.packets += 1;
    if (mine.isCopy(segment)) {
      mine.duplicates += 1;
      return;
    }
    if (connection.isClosed) return;
    const kept = mine.pending.bytes + theirs.pending.bytes;
    // A number that a RST alone bears may be anything.
    if ((flags & ACK) !== 0 && (flags & RST) === 0) theirs.acknowledge(segment.acknowledgement);
    if (!mine.isBased) mine.base((flags & SYN) === 0 ? segment.sequence : (segment.sequence + 1) >>> 0);
    mine.segment(segment);
    mine.passed(packet);
    theirs.passed(packet);
    this.#pendingBytes += mine.pending.bytes + theirs.pending.bytes - kept;
    if (this.#pendingBytes > MAX_ALL_PENDING_BYTES) this.#giveUp(packet);
    if (mine.end === 'rst' || (mine.end !== null && theirs.end !== null)) this.#over(connection, packet);
  }

  /** A SYN that does not belong to the connection of these ports: they are used again. */
  #isNew(connection: Connection, { flags, sequence }: TcpSegment, from: string): boolean {
    const side = connection.sides[connection.clientKey === from ? 0 : 1];
    if ((flags & ACK) !== 0) return false;
    return side.isBased && !side.isBasedAt((sequence + 1) >>> 0);
  }

  #open(segment: TcpSegment, key: string, from: string, to: string): Connection {
    const { packet, flags } = segment;
    const hasSyn = (flags & SYN) !== 0;
    const isFromClient = hasSyn ? (flags & ACK) === 0 : looksLikeClient(segment);
    const source = formatEndpoint(segment.bytes, segment.sourceAt, segment.ipVersion, segment.sourcePort);
    const target = formatEndpoint(segment.bytes, segment.destinationAt, segment.ipVersion, segment.destinationPort);
    this.#count += 1;
    const connection = new Connection(
      {
        id: this.#count,
        client: isFromClient ? source : target,
        server: isFromClient ? target : source,
        began: hasSyn ? 'handshake' : 'midway',
        firstPacket: packet.number,
        key,
        clientKey: isFromClient ? from : to,
        ends: new ConnectionEnds(segment, isFromClient),
      },
      this.#sink,
      this.#recent,
    );
    this.#connections.set(key, connection);
    if (this.#connections.size > MAX_FLOWS) this.#evict(packet);
    this.#sink.opened(connection, packet);
    return connection;
  }

  #over(connection: Connection, packet: CapturedPacket): void {
    if (connection.isClosed) return;
    connection.isClosed = true;
    const [a, b] = connection.sides;
    const kept = a.pending.bytes + b.pending.bytes;
    a.finish(packet);
    b.finish(packet);
    this.#pendingBytes -= kept;
    this.#sink.closed(connection);
  }

  #close(connection: Connection, packet: CapturedPacket): void {
    this.#over(connection, packet);
    this.#connections.delete(connection.key);
    if (this.#latest === connection) this.#latest = null;
  }

  #evict(packet: CapturedPacket): void {
    const [oldest] = this.#connections.values();
    if (oldest !== undefined) this.#close(oldest, packet);
  }

  #giveUp(packet: CapturedPacket): void {
    for (const { sides } of this.#connections.values()) {
      for (const side of sides) {
        const kept = side.pending.bytes;
        side.skip('abandoned', packet);
        this.#pendingBytes += side.pending.bytes - kept;
      }
      if (this.#pendingBytes <= MAX_ALL_PENDING_BYTES / 2) return;
    }
  }
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
