import type { CapturedPacket } from '../captured-packet.ts';
import type { ConversationSink, EventPlace, ProtocolName, SeenFrame } from '../conversation-event.ts';
import type { FlowDirection, FlowSink, StreamConflict, StreamGap, TcpFlow } from '../tcp-flow.ts';
import type { HttpHead } from './http/http-head.ts';
import { Exchange } from './exchange.ts';
import { SideDecoder } from './side-decoder.ts';
import type { SideSink } from './side-sink.ts';
import { TunnelReader } from './tunnel-reader.ts';
import type { WholeMessage } from './websocket/message-parts.ts';

/** Where the event under way takes place; one object is used for all. */
type Place = { -readonly [K in keyof EventPlace]: EventPlace[K] };

/** Takes the streams of a capture's connections apart into protocols, frames and messages. */
export class ConversationDecoder implements FlowSink {
  readonly #sink: ConversationSink;
  readonly #decoders = new Map<TcpFlow, FlowDecoder>();
  /** The one that was used last, which it most often is again. */
  #latest: FlowDecoder | null = null;
  readonly #place: Place = { direction: 0, offset: 0, packet: 0, seconds: 0, nanoseconds: 0 };

  constructor(sink: ConversationSink) {
    this.#sink = sink;
  }

  opened(flow: TcpFlow, packet: CapturedPacket): void {
    this.#at(0, 0, packet);
    this.#sink.opened(flow, this.#place);
    this.#decoders.set(flow, new FlowDecoder(flow, this.#sink, this.#place));
  }

  // Positional, as FlowSink is: made for each segment.
  data(
    flow: TcpFlow,
    direction: FlowDirection,
    bytes: Uint8Array,
    start: number,
    end: number,
    packet: CapturedPacket,
  ): void {
    this.#at(direction, 0, packet);
    this.#decoderOf(flow)?.sides[direction].push(bytes, start, end);
  }

  gap(flow: TcpFlow, direction: FlowDirection, gap: StreamGap, packet: CapturedPacket | null): void {
    this.#at(direction, gap.offset, packet);
    this.#sink.gap(flow, direction, gap);
    this.#decoders.get(flow)?.sides[direction].gap(gap.length);
  }

  conflict(flow: TcpFlow, direction: FlowDirection, { offset }: StreamConflict, packet: CapturedPacket): void {
    this.#at(direction, offset, packet);
    this.#sink.conflict?.(flow, this.#place);
  }

  ended(flow: TcpFlow, direction: FlowDirection, how: 'fin' | 'rst', packet: CapturedPacket): void {
    this.#at(direction, flow.sides[direction].streamBytes, packet);
    this.#decoders.get(flow)?.sides[direction].end();
    this.#at(direction, flow.sides[direction].streamBytes, packet);
    this.#sink.ended(flow, how, this.#place);
  }

  closed(flow: TcpFlow): void {
    const decoder = this.#decoders.get(flow);
    for (const direction of [0, 1] as const) {
      this.#place.direction = direction;
      decoder?.sides[direction].end();
    }
    this.#decoders.delete(flow);
    this.#latest = null;
    this.#sink.closed(flow);
  }

  #decoderOf(flow: TcpFlow): FlowDecoder | null {
    if (this.#latest?.flow !== flow) this.#latest = this.#decoders.get(flow) ?? null;
    return this.#latest;
  }

  #at(direction: FlowDirection, offset: number, packet: CapturedPacket | null): void {
    const place = this.#place;
    place.direction = direction;
    place.offset = offset;
    if (packet === null) return;
    place.packet = packet.number;
    place.seconds = packet.seconds;
    place.nanoseconds = packet.nanoseconds;
  }
}

/** The two directions of one connection, and what each knows by the other. */
class FlowDecoder {
  readonly flow: TcpFlow;
  readonly sides: readonly [SideDecoder, SideDecoder];
  readonly #protocols = new Set<ProtocolName>();
  readonly #tunnel = new TunnelReader();

  constructor(flow: TcpFlow, sink: ConversationSink, place: Place) {
    this.flow = flow;
    const about = { isMidway: flow.began === 'midway', exchange: new Exchange() };
    this.sides = [
      new SideDecoder(this.#side(flow, sink, place, 0), { ...about, isClient: true }),
      new SideDecoder(this.#side(flow, sink, place, 1), { ...about, isClient: false }),
    ];
  }

  #side(flow: TcpFlow, sink: ConversationSink, place: Place, direction: FlowDirection): SideSink {
    const at = (offset: number): EventPlace => {
      // One direction may find out something about the other.
      place.direction = direction;
      place.offset = offset;
      return place;
    };
    const protocol = (name: ProtocolName, by: string, offset: number): void => {
      if (this.#protocols.has(name)) return;
      this.#protocols.add(name);
      sink.protocol(flow, name, by, at(offset));
      if (name === 'websocket') this.sides[direction === 0 ? 1 : 0].expectWebSocket(by);
    };
    return {
      wantsPayload: sink.wantsPayload,
      protocol,
      step: (text, offset) => {
        sink.step(flow, text, at(offset));
      },
      upgrade: (head: HttpHead) => {
        this.#tunnel.upgrade(head);
      },
      frame: (frame: SeenFrame) => {
        sink.frame(flow, frame, at(frame.offset));
      },
      message: (message: WholeMessage) => {
        if (message.deflated) protocol('permessage-deflate', 'a compressed message', message.offset);
        sink.message(flow, message, at(message.offset));
        const kind = this.#tunnel.unknownKind(message);
        if (kind !== null) sink.undecodable(flow, `a message of the tunnel of kind ${kind}`, at(message.offset));
        const inner = this.#tunnel.message(message);
        if (inner === null) return;
        protocol('tunnel', 'the request', message.offset);
        sink.message(flow, inner, at(message.offset));
      },
      close: (offset, code, reason) => {
        sink.close(flow, code, reason, at(offset));
      },
      data: (bytes, start, end, offset) => {
        sink.data(flow, bytes, start, end, at(offset));
      },
      undecodable: (offset, why) => {
        sink.undecodable(flow, why, at(offset));
      },
    };
  }
}
