import { socksPreamble } from '../replay/socks-preamble.ts';
import type { FlowDirection, TcpFlow } from '../capture/tcp-flow.ts';
import { FirstBytes } from './first-bytes.ts';
import { COMPARED_BYTES, KEPT_BYTES } from './join-limits.ts';
import { Series } from './series.ts';

/** A request, or the answer to it. */
const HTTP = /^(?:GET |HTTP\/)/;
const HEAD_END = '\r\n\r\n';

/** At which of its layers a flow carries what a copy moves. */
export type CarriedBy = 'tcp' | 'socks' | 'websocket' | 'tunnel';

/** What went one way in a flow. */
export class FlowSideSummary {
  /** Of the TCP stream, gaps included. */
  readonly tcp = new Series();
  readonly tcpFirst = new FirstBytes(KEPT_BYTES);
  /** Payload of whole WebSocket messages, and of the tunnel's data in them. */
  readonly webSocket = new Series();
  readonly webSocketFirst = new FirstBytes(COMPARED_BYTES);
  readonly tunnel = new Series();
  readonly tunnelFirst = new FirstBytes(COMPARED_BYTES);
  /** WebSocket frames of data, by their headers, and what of them is there. */
  frames = 0;
  frameBytes = 0;
  seenFrameBytes = 0;
  /** Where the latest frame ends in the stream. */
  framesEnd = 0;
  gaps = 0;
  gapBytes = 0;
  acknowledgedBytes = 0;
  packets = 0;
  /** How TCP ended, and how what it carries did. */
  end: 'fin' | 'rst' | null = null;
  endMs: number | null = null;
  /** `Close 1000`, the tunnel's `end` or `abort`. */
  lastWord: string | null = null;
}

/** What a copy moved, in one direction of a flow: without handshakes and framing. */
export interface Carried {
  readonly bytes: number;
  /** Points by the offset in what is carried. */
  readonly points: readonly { readonly atMs: number; readonly offset: number }[];
  readonly first: Uint8Array;
}

/** One flow of a capture, counted. */
export class FlowSummary {
  readonly id: number;
  readonly client: string;
  readonly server: string;
  /** Whether its first packets are missing. */
  readonly isMidway: boolean;
  readonly sides: readonly [FlowSideSummary, FlowSideSummary] = [new FlowSideSummary(), new FlowSideSummary()];
  /** Since 1970. */
  readonly openedMs: number;
  lastMs: number;
  isWebSocket = false;
  isTunnel = false;
  readonly #carried = new Map<FlowDirection, Carried>();

  constructor({ id, client, server, began }: TcpFlow, openedMs: number) {
    this.id = id;
    this.client = client;
    this.server = server;
    this.isMidway = began === 'midway';
    this.openedMs = openedMs;
    this.lastMs = openedMs;
  }

  get carriedBy(): CarriedBy {
    if (this.isTunnel) return 'tunnel';
    if (this.isWebSocket) return 'websocket';
    return this.preamble(0) > 0 && this.preamble(1) > 0 ? 'socks' : 'tcp';
  }

  /** To be asked for when the whole capture has been read: it is worked out once. */
  carried(direction: FlowDirection): Carried {
    const known = this.#carried.get(direction) ?? this.#carriedIn(direction);
    this.#carried.set(direction, known);
    return known;
  }

  #carriedIn(direction: FlowDirection): Carried {
    const side = this.sides[direction];
    if (this.isTunnel) return { ...seriesOf(side.tunnel), first: side.tunnelFirst.bytes };
    if (this.isWebSocket) return { ...seriesOf(side.webSocket), first: side.webSocketFirst.bytes };
    const cut = this.carriedBy === 'socks' ? this.preamble(direction) : 0;
    const points = side.tcp.points.filter(({ offset }) => offset > cut);
    return {
      bytes: Math.max(0, side.tcp.bytes - cut),
      points: points.map(({ atMs, offset }) => ({ atMs, offset: offset - cut })),
      first: side.tcpFirst.bytes.subarray(cut),
    };
  }

  /** Whether more was carried than is known. Of a mere stream a gap is counted; of messages in a gap nobody knows. */
  isPartial(direction: FlowDirection): boolean {
    return this.isMidway || ((this.isWebSocket || this.isTunnel) && this.sides[direction].gaps > 0);
  }

  /** Bytes at the end of a direction that are a frame, and not a whole one. */
  unfinishedFrameBytes(direction: FlowDirection): number {
    const { tcp, tcpFirst, framesEnd } = this.sides[direction];
    if (!this.isWebSocket) return 0;
    const head = HTTP.test(Buffer.from(tcpFirst.bytes.subarray(0, 5)).toString('latin1'))
      ? Buffer.from(tcpFirst.bytes).indexOf(HEAD_END)
      : -1;
    // A head that is longer than what was kept of it: it is not known where it ends.
    if (framesEnd === 0 && head === -1) return 0;
    return Math.max(0, tcp.bytes - Math.max(framesEnd, head === -1 ? 0 : head + HEAD_END.length));
  }

  /** How many bytes of a direction are a handshake with a SOCKS proxy. */
  preamble(direction: FlowDirection): number {
    return socksPreamble(this.sides[direction].tcpFirst.bytes, direction === 0) ?? 0;
  }
}

function seriesOf({ bytes, points }: Series): Omit<Carried, 'first'> {
  return { bytes, points };
}
