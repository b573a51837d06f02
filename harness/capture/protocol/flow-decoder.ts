import type { ConversationSink, EventPlace, ProtocolName, SeenFrame } from '../conversation-event.ts';
import type { FlowDirection, TcpFlow } from '../tcp-flow.ts';
import { Exchange } from './exchange.ts';
import type { HttpHead } from './http/http-head.ts';
import { SideDecoder } from './side-decoder.ts';
import type { SideSink } from './side-sink.ts';
import { TunnelReader } from './tunnel-reader.ts';
import type { MessageBudget } from './websocket/message-budget.ts';
import type { WholeMessage } from './websocket/message-parts.ts';

/** Where the event under way takes place; one object is used for all. */
export type Place = { -readonly [K in keyof EventPlace]: EventPlace[K] };

/** The two directions of one connection, and what each knows by the other. */
export class FlowDecoder {
  readonly flow: TcpFlow;
  readonly sides: readonly [SideDecoder, SideDecoder];
  readonly #protocols = new Set<ProtocolName>();
  readonly #tunnel = new TunnelReader();
  readonly #sink: ConversationSink;
  readonly #place: Place;

  /** @param shared what all connections of a capture have in common. */
  constructor(
    flow: TcpFlow,
    sink: ConversationSink,
    shared: { readonly place: Place; readonly budget: MessageBudget },
  ) {
    this.flow = flow;
    this.#sink = sink;
    this.#place = shared.place;
    const about = { isMidway: flow.began === 'midway', exchange: new Exchange() };
    this.sides = [
      new SideDecoder(new DirectionSink(this, 0, { sink, budget: shared.budget }), { ...about, isClient: true }),
      new SideDecoder(new DirectionSink(this, 1, { sink, budget: shared.budget }), { ...about, isClient: false }),
    ];
  }

  /** One direction may find out something about the other. */
  at(direction: FlowDirection, offset: number): EventPlace {
    const place = this.#place;
    place.direction = direction;
    place.offset = offset;
    return place;
  }

  protocol(name: ProtocolName, by: string, direction: FlowDirection, offset: number): void {
    if (this.#protocols.has(name)) return;
    this.#protocols.add(name);
    this.#sink.protocol(this.flow, name, by, this.at(direction, offset));
    if (name === 'websocket') this.sides[direction === 0 ? 1 : 0].expectWebSocket(by);
  }

  upgrade(head: HttpHead): void {
    this.#tunnel.upgrade(head);
  }

  message(message: WholeMessage, direction: FlowDirection): void {
    const { flow } = this;
    const { offset } = message;
    const sink = this.#sink;
    if (message.deflated) this.protocol('permessage-deflate', 'a compressed message', direction, offset);
    sink.message(flow, message, this.at(direction, offset));
    const kind = this.#tunnel.unknownKind(message);
    if (kind !== null) sink.undecodable(flow, `a message of the tunnel of kind ${kind}`, this.at(direction, offset));
    const inner = this.#tunnel.message(message);
    if (inner === null) return;
    this.protocol('tunnel', 'the request', direction, offset);
    sink.message(flow, inner, this.at(direction, offset));
  }
}

/** What one direction finds, with its connection and its place. */
class DirectionSink implements SideSink {
  readonly wantsPayload: boolean;
  readonly budget: MessageBudget;
  readonly #decoder: FlowDecoder;
  readonly #direction: FlowDirection;
  readonly #sink: ConversationSink;

  constructor(
    decoder: FlowDecoder,
    direction: FlowDirection,
    { sink, budget }: { readonly sink: ConversationSink; readonly budget: MessageBudget },
  ) {
    this.budget = budget;
    this.wantsPayload = sink.wantsPayload;
    this.#decoder = decoder;
    this.#direction = direction;
    this.#sink = sink;
  }

  protocol(name: ProtocolName, by: string, offset: number): void {
    this.#decoder.protocol(name, by, this.#direction, offset);
  }

  step(text: string, offset: number): void {
    this.#sink.step(this.#decoder.flow, text, this.#decoder.at(this.#direction, offset));
  }

  upgrade(head: HttpHead): void {
    this.#decoder.upgrade(head);
  }

  frame(frame: SeenFrame): void {
    this.#sink.frame(this.#decoder.flow, frame, this.#decoder.at(this.#direction, frame.offset));
  }

  message(message: WholeMessage): void {
    this.#decoder.message(message, this.#direction);
  }

  close(offset: number, code: number | null, reason: string): void {
    this.#sink.close(this.#decoder.flow, code, reason, this.#decoder.at(this.#direction, offset));
  }

  data(bytes: Uint8Array, start: number, end: number, offset: number): void {
    this.#sink.data(this.#decoder.flow, bytes, start, end, this.#decoder.at(this.#direction, offset));
  }

  undecodable(offset: number, why: string): void {
    this.#sink.undecodable(this.#decoder.flow, why, this.#decoder.at(this.#direction, offset));
  }
}
