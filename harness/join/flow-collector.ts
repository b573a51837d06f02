import { epochMs } from '../capture/epoch-ms.ts';
import type { CapturedPacket } from '../capture/captured-packet.ts';
import type {
  ConversationSink,
  EventPlace,
  ProtocolName,
  SeenFrame,
  SeenMessage,
} from '../capture/conversation-event.ts';
import { ConversationDecoder } from '../capture/protocol/conversation-decoder.ts';
import type { FlowDirection, FlowSink, StreamGap, TcpFlow } from '../capture/tcp-flow.ts';
import { FlowSummary } from './flow-summary.ts';
import { MAX_JOINED_FLOWS } from './join-limits.ts';

/** Frames from here on control the connection (RFC 6455, 5.5). */
const FIRST_CONTROL = 8;

/** Counts every flow of a capture, layer by layer. */
export class FlowCollector implements FlowSink {
  readonly summaries: FlowSummary[] = [];
  /** Flows beyond MAX_JOINED_FLOWS. */
  leftOut = 0;
  /** Those that are still open. */
  readonly #open = new Map<TcpFlow, FlowSummary>();
  readonly #decoder: ConversationDecoder;

  constructor() {
    this.#decoder = new ConversationDecoder(this.#inside());
  }

  opened(flow: TcpFlow, packet: CapturedPacket): void {
    if (this.summaries.length >= MAX_JOINED_FLOWS) {
      this.leftOut += 1;
      return;
    }
    const summary = new FlowSummary(flow, epochMs(packet));
    this.summaries.push(summary);
    this.#open.set(flow, summary);
    this.#decoder.opened(flow, packet);
  }

  // Positional, as FlowSink is.
  data(
    flow: TcpFlow,
    direction: FlowDirection,
    bytes: Uint8Array,
    start: number,
    end: number,
    packet: CapturedPacket,
  ): void {
    const summary = this.#open.get(flow);
    if (summary === undefined) return;
    const side = summary.sides[direction];
    summary.lastMs = epochMs(packet);
    side.tcp.add(end - start, summary.lastMs);
    side.tcpFirst.add(bytes, start, end);
    this.#decoder.data(flow, direction, bytes, start, end, packet);
  }

  gap(flow: TcpFlow, direction: FlowDirection, gap: StreamGap, packet: CapturedPacket | null): void {
    const summary = this.#open.get(flow);
    if (summary === undefined) return;
    const side = summary.sides[direction];
    if (packet !== null) summary.lastMs = epochMs(packet);
    side.gaps += 1;
    side.gapBytes += gap.length;
    side.tcp.add(gap.length, summary.lastMs);
    side.tcpFirst.skip();
    this.#decoder.gap(flow, direction, gap, packet);
  }

  ended(flow: TcpFlow, direction: FlowDirection, how: 'fin' | 'rst', packet: CapturedPacket): void {
    const summary = this.#open.get(flow);
    if (summary === undefined) return;
    summary.lastMs = epochMs(packet);
    const side = summary.sides[direction];
    side.end = how;
    side.endMs ??= summary.lastMs;
    this.#decoder.ended(flow, direction, how, packet);
  }

  closed(flow: TcpFlow): void {
    const summary = this.#open.get(flow);
    if (summary === undefined) return;
    this.#decoder.closed(flow);
    for (const direction of [0, 1] as const) {
      summary.sides[direction].acknowledgedBytes = flow.sides[direction].acknowledgedBytes;
      summary.sides[direction].packets = flow.sides[direction].packets;
    }
    this.#open.delete(flow);
  }

  #inside(): ConversationSink {
    const nothing = (): void => undefined;
    return {
      wantsPayload: true,
      opened: nothing,
      protocol: (flow: TcpFlow, name: ProtocolName) => {
        const summary = this.#open.get(flow);
        if (summary === undefined) return;
        summary.isWebSocket ||= name === 'websocket';
        summary.isTunnel ||= name === 'tunnel';
      },
      step: nothing,
      frame: (flow: TcpFlow, frame: SeenFrame, { direction }: EventPlace) => {
        const side = this.#open.get(flow)?.sides[direction];
        if (side === undefined) return;
        side.framesEnd = frame.offset + frame.headerBytes + frame.payloadBytes;
        if (frame.opcode >= FIRST_CONTROL) return;
        side.frames += 1;
        side.frameBytes += frame.payloadBytes;
        side.seenFrameBytes += frame.seenBytes;
      },
      message: (flow: TcpFlow, message: SeenMessage, place: EventPlace) => {
        this.#message(flow, message, place);
      },
      close: (flow: TcpFlow, code: number | null, _reason: string, { direction }: EventPlace) => {
        const side = this.#open.get(flow)?.sides[direction];
        if (side !== undefined) side.lastWord ??= code === null ? 'Close' : `Close ${code}`;
      },
      data: nothing,
      undecodable: nothing,
      gap: nothing,
      ended: nothing,
      closed: nothing,
    };
  }

  #message(flow: TcpFlow, { protocol, type, payload, payloadBytes }: SeenMessage, place: EventPlace): void {
    const side = this.#open.get(flow)?.sides[place.direction];
    if (side === undefined) return;
    const isTunnel = protocol === 'tunnel';
    if (isTunnel && type !== 'data') {
      side.lastWord ??= type;
      return;
    }
    const [series, first] = isTunnel ? [side.tunnel, side.tunnelFirst] : [side.webSocket, side.webSocketFirst];
    series.add(payloadBytes, epochMs(place));
    if (payload === null) first.skip();
    else first.add(payload, 0, payload.length);
  }
}
