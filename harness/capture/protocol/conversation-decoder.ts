import type { CapturedPacket } from '../captured-packet.ts';
import type { ConversationSink } from '../conversation-event.ts';
import type { FlowDirection, FlowSink, StreamConflict, StreamGap, TcpFlow } from '../tcp-flow.ts';
import { FlowDecoder, type Place } from './flow-decoder.ts';
import { MessageBudget } from './websocket/message-budget.ts';

/** Takes the streams of a capture's connections apart into protocols, frames and messages. */
export class ConversationDecoder implements FlowSink {
  readonly #sink: ConversationSink;
  readonly #decoders = new Map<TcpFlow, FlowDecoder>();
  /** The one that was used last, which it most often is again. */
  #latest: FlowDecoder | null = null;
  readonly #place: Place = { direction: 0, offset: 0, packet: 0, seconds: 0, nanoseconds: 0 };
  readonly #shared = { place: this.#place, budget: new MessageBudget() };

  constructor(sink: ConversationSink) {
    this.#sink = sink;
  }

  opened(flow: TcpFlow, packet: CapturedPacket): void {
    this.#at(0, 0, packet);
    this.#sink.opened(flow, this.#place);
    this.#decoders.set(flow, new FlowDecoder(flow, this.#sink, this.#shared));
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
