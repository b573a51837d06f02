import type { CapturedPacket, PacketSink } from '../captured-packet.ts';
import { epochMs } from '../epoch-ms.ts';
import type { CaptureNote } from '../capture-note.ts';
import type { FlowDirection, FlowSide, FlowSink, StreamGap, TcpFlow } from '../tcp-flow.ts';
import type { SegmentSink, TcpSegment } from '../tcp-segment.ts';
import { SegmentReader } from '../packet/segment-reader.ts';
import { CaptureAbout } from '../report/capture-about.ts';
import { FlowTable } from '../tcp/flow-table.ts';
import type { CaptureFacts } from './capture-facts.ts';
import { isLoopback } from './is-loopback.ts';
import { ETHERNET_BYTES } from './offload.ts';

/** Ports of servers that are told apart. */
const MAX_PORTS = 1024;

/** Reads packets into the facts that the detectors look at. */
export class FactCollector implements PacketSink, FlowSink {
  readonly facts: CaptureFacts = {
    form: null,
    about: new CaptureAbout(),
    segments: 0,
    isLoopback: false,
    isNetwork: false,
    cutPackets: 0,
    longestCutBytes: 0,
    cutOffBytes: 0,
    bigPackets: 0,
    biggestBytes: 0,
    lengthless: 0,
    flows: 0,
    midway: 0,
    onlyClient: 0,
    onlyServer: 0,
    uncapturedBytes: 0,
    open: 0,
    longestSilenceMs: 0,
    unacknowledged: 0,
    missingGaps: 0,
    missingBytes: 0,
    duplicates: 0,
    ports: new Map(),
  };
  readonly #table: FlowTable;
  readonly #segments: SegmentReader;
  /** When something was last said on each connection that is followed. */
  readonly #heardMs = new Map<TcpFlow, number>();
  #latestMs = 0;
  #isOver = false;

  constructor() {
    this.#table = new FlowTable(this, (packet, why) => {
      this.facts.about.other(packet, why);
    });
    this.#segments = new SegmentReader(this.#watched(this.#table));
  }

  packet(packet: CapturedPacket): void {
    const { facts } = this;
    facts.about.packet(packet);
    this.#latestMs = epochMs(packet);
    const captured = packet.end - packet.start;
    if (packet.wireBytes > captured) {
      facts.cutPackets += 1;
      facts.longestCutBytes = Math.max(facts.longestCutBytes, captured);
      facts.cutOffBytes += packet.wireBytes - captured;
    }
    this.#segments.packet(packet);
  }

  note(note: CaptureNote): void {
    this.facts.about.note(note);
  }

  settle(): void {
    this.#segments.settle();
  }

  /** The capture has ended. */
  end(): void {
    this.#isOver = true;
    this.#table.end();
  }

  opened(flow: TcpFlow, packet: CapturedPacket): void {
    this.facts.flows += 1;
    this.#heardMs.set(flow, epochMs(packet));
  }

  // Positional, as FlowSink is.
  data(
    flow: TcpFlow,
    _direction: FlowDirection,
    _bytes: Uint8Array,
    _start: number,
    _end: number,
    packet: CapturedPacket,
  ): void {
    this.#heardMs.set(flow, epochMs(packet));
  }

  gap(flow: TcpFlow, direction: FlowDirection, { offset, length, reason }: StreamGap): void {
    if (reason === 'uncaptured') this.facts.uncapturedBytes += length;
    if (reason !== 'lost' && reason !== 'abandoned') return;
    if (flow.sides[direction].acknowledgedBytes < offset + length) return;
    this.facts.missingGaps += 1;
    this.facts.missingBytes += length;
  }

  ended(flow: TcpFlow, _direction: FlowDirection, _how: 'fin' | 'rst', packet: CapturedPacket): void {
    this.#heardMs.set(flow, epochMs(packet));
  }

  closed(flow: TcpFlow): void {
    const { facts } = this;
    const [a, b] = flow.sides;
    // Only now is it known who is the server.
    if (flow.began === 'midway') facts.midway += 1;
    this.#port(flow.server);
    facts.duplicates += a.duplicates + b.duplicates;
    if (isMissing(b, a)) facts.onlyClient += 1;
    if (isMissing(a, b)) facts.onlyServer += 1;
    if (this.#isOver && isOpen(a, b)) {
      facts.open += 1;
      const heardMs = this.#heardMs.get(flow) ?? this.#latestMs;
      facts.longestSilenceMs = Math.max(facts.longestSilenceMs, this.#latestMs - heardMs);
      facts.unacknowledged += unacknowledged(a, b) + unacknowledged(b, a);
    }
    this.#heardMs.delete(flow);
  }

  #watched(table: FlowTable): SegmentSink {
    return {
      segment: (segment) => {
        this.#segment(segment);
        table.segment(segment);
      },
      other: (packet, why) => {
        table.other(packet, why);
      },
      settle: () => {
        table.settle();
      },
    };
  }

  #segment(segment: TcpSegment): void {
    const { facts } = this;
    facts.segments += 1;
    if (hasNoLength(segment)) facts.lengthless += 1;
    if (isLoopback(segment)) {
      facts.isLoopback = true;
      return;
    }
    facts.isNetwork = true;
    const { wireBytes } = segment.packet;
    if (wireBytes <= ETHERNET_BYTES) return;
    facts.bigPackets += 1;
    facts.biggestBytes = Math.max(facts.biggestBytes, wireBytes);
  }

  #port(server: string): void {
    const { ports } = this.facts;
    const port = Number(server.slice(server.lastIndexOf(':') + 1));
    const known = ports.get(port);
    if (known !== undefined || ports.size < MAX_PORTS) ports.set(port, (known ?? 0) + 1);
  }
}

/** In front of the source address: 12 − 2 in IPv4, 8 − 4 in IPv6. */
function hasNoLength({ bytes, sourceAt, ipVersion }: TcpSegment): boolean {
  const at = sourceAt - (ipVersion === 4 ? 10 : 4);
  return bytes[at] === 0 && bytes[at + 1] === 0;
}

/** Nothing of it was captured, and the other side shows that it spoke. */
function isMissing(side: FlowSide, other: FlowSide): boolean {
  return side.packets === 0 && (other.streamBytes > 0 || side.acknowledgedBytes > 0);
}

function isOpen(a: FlowSide, b: FlowSide): boolean {
  if (a.end === 'rst' || b.end === 'rst') return false;
  // Asked for, and never answered: no connection.
  if (b.packets === 0 && a.streamBytes === 0 && b.acknowledgedBytes === 0) return false;
  return (a.end === null && a.packets > 0) || (b.end === null && b.packets > 0);
}

/** If the one who would acknowledge was not captured, nobody knows. */
function unacknowledged(side: FlowSide, other: FlowSide): number {
  return other.packets === 0 ? 0 : Math.max(0, side.streamBytes - side.acknowledgedBytes);
}
