import { RelayscopeError } from '../../src/errors.ts';
import { CaptureError } from '../capture/capture-error.ts';
import type { CapturedPacket } from '../capture/captured-packet.ts';
import type { ConversationSink, EventPlace, SeenMessage } from '../capture/conversation-event.ts';
import { ConversationDecoder } from '../capture/protocol/conversation-decoder.ts';
import type { FlowDirection, FlowSink, StreamGap, TcpFlow } from '../capture/tcp-flow.ts';
import { counted } from '../report/format-number.ts';
import { chooseLevel } from './choose-level.ts';
import type { Conversation, ReplayLevel } from './conversation.ts';
import { MAX_NOTES } from './replay-limits.ts';
import { Track, type Moment } from './track.ts';

export interface ConversationChoice {
  /** The flow's number, from 1. Default: the first that says something. */
  readonly flow?: number | undefined;
  /** Default: the innermost that the capture knows. */
  readonly level?: ReplayLevel | undefined;
}

/** Collects what the two sides of one connection said, at every level that it is known at. */
export class ConversationReader implements FlowSink {
  readonly #choice: ConversationChoice;
  readonly #decoder: ConversationDecoder;
  readonly #tcp = new Track();
  readonly #webSocket = new Track();
  readonly #tunnel = new Track();
  readonly #notes: string[] = [];
  readonly #protocols = new Set<string>();
  #flows = 0;
  #flow: TcpFlow | null = null;
  /** Of the flow's first event. */
  #start: { readonly seconds: number; readonly nanoseconds: number } | null = null;
  /** Of the latest event: what is found out at the end of a capture has no packet. */
  #atMs = 0;

  constructor(choice: ConversationChoice) {
    this.#choice = choice;
    this.#decoder = new ConversationDecoder(this.#inside());
  }

  opened(flow: TcpFlow, packet: CapturedPacket): void {
    this.#flows += 1;
    if (this.#choice.flow === flow.id) this.#follow(flow, packet);
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
    if (this.#flow === null && this.#choice.flow === undefined) this.#follow(flow, packet);
    if (flow !== this.#flow) return;
    this.#at(packet);
    this.#hearUncaptured(flow, direction);
    this.#tcp.say(direction, bytes.subarray(start, end), this.#moment(flow, direction));
    this.#decoder.data(flow, direction, bytes, start, end, packet);
  }

  gap(flow: TcpFlow, direction: FlowDirection, gap: StreamGap, packet: CapturedPacket | null): void {
    if (flow !== this.#flow) return;
    this.#at(packet);
    // What acknowledgements have told of already is not told again.
    const rest = gap.offset + gap.length - this.#tcp.bytesOf(direction);
    this.#tcp.fill(direction, rest, this.#moment(flow, direction), gap.reason);
    this.#decoder.gap(flow, direction, gap, packet);
  }

  ended(flow: TcpFlow, direction: FlowDirection, how: 'fin' | 'rst', packet: CapturedPacket): void {
    if (flow !== this.#flow) return;
    this.#at(packet);
    this.#hearUncaptured(flow, direction, how === 'fin' ? 1 : 0);
    this.#tcp.end(direction, how === 'fin' ? 'end' : 'reset', this.#endMoment(flow, direction));
    this.#decoder.ended(flow, direction, how, packet);
  }

  closed(flow: TcpFlow): void {
    if (flow === this.#flow) this.#decoder.closed(flow);
  }

  /** What was found. Throws CAPTURE_NO_FLOW, REPLAY_NOTHING_SAID. @param name of the capture, as a person knows it. */
  conversation(name: string): Conversation {
    const flow = this.#flow;
    const { flow: number } = this.#choice;
    if (flow === null && number !== undefined)
      throw new CaptureError('CAPTURE_NO_FLOW', `No flow ${number}: ${name} has ${counted(this.#flows, 'flow')}`, {
        file: name,
      });
    if (flow === null || this.#tcp.turns.every(({ kind }) => kind !== 'bytes'))
      throw new RelayscopeError(
        'REPLAY_NOTHING_SAID',
        `Nothing to replay in ${name}: expected a TCP connection that carries bytes, got ${number === undefined ? `${this.#flows} without any` : `none in flow ${number}`}`,
      );
    const { level, track } = chooseLevel(this.#choice.level, {
      tcp: this.#tcp,
      webSocket: this.#protocols.has('websocket') ? this.#webSocket : null,
      tunnel: this.#protocols.has('tunnel') ? this.#tunnel : null,
      isWhole: flow.sides.every(({ packets }) => packets > 0),
    });
    const { id, client, server } = flow;
    const { said, turns, missing } = track;
    const notes = level === 'tcp' || level === 'socks' ? [] : this.#notes;
    return { flow: { id, client, server }, flows: this.#flows, level, said, turns, missing, notes };
  }

  #follow(flow: TcpFlow, packet: CapturedPacket): void {
    this.#flow = flow;
    this.#decoder.opened(flow, packet);
  }

  /**
   * Of a direction that was not captured, the other's acknowledgements tell how much it has said by now.
   * @param perhapsEnd numbers of those that may be its end's, and no byte: what they were is found out when the flow is over.
   */
  #hearUncaptured(flow: TcpFlow, direction: FlowDirection, perhapsEnd: 0 | 1 = 0): void {
    const other = direction === 0 ? 1 : 0;
    const { packets, acknowledgedBytes } = flow.sides[other];
    if (packets > 0) return;
    const streamBytes = Math.max(0, acknowledgedBytes - perhapsEnd);
    const moment = { ...this.#moment(flow, other), streamBytes };
    this.#tcp.fill(other, streamBytes - this.#tcp.bytesOf(other), moment, 'uncaptured');
  }

  #moment(flow: TcpFlow, direction: FlowDirection): Moment {
    const other = direction === 0 ? 1 : 0;
    const { acknowledgedBytes, endAcknowledged, packets } = flow.sides[other];
    const acknowledged = acknowledgedBytes + (endAcknowledged === true ? 1 : 0);
    const { streamBytes, packets: own } = flow.sides[direction];
    // Whoever was not captured has all that was said before: nothing else is known of it.
    const had = own === 0 ? flow.sides[other].streamBytes : acknowledged;
    return { atMs: this.#atMs, acknowledged: packets === 0 ? this.#tcp.bytesOf(other) : had, streamBytes };
  }

  /** The end takes a number of its own. */
  #endMoment(flow: TcpFlow, direction: FlowDirection): Moment {
    const moment = this.#moment(flow, direction);
    return { ...moment, streamBytes: moment.streamBytes + 1 };
  }

  #at(packet: CapturedPacket | null): void {
    if (packet === null) return;
    const { seconds, nanoseconds } = packet;
    this.#start ??= { seconds, nanoseconds };
    const sinceMs = (seconds - this.#start.seconds) * 1000 + (nanoseconds - this.#start.nanoseconds) / 1e6;
    // Clocks are set back, and packets are captured out of order.
    this.#atMs = Math.max(this.#atMs, sinceMs);
  }

  /** What the decoder finds in the connection. */
  #inside(): ConversationSink {
    const note = (from: FlowDirection, text: string): void => {
      if (this.#notes.length < MAX_NOTES) this.#notes.push(`${from === 0 ? 'a -> b' : 'b -> a'}: ${text}`);
    };
    const ended = (from: FlowDirection, kind: 'end' | 'reset', moment: Moment): void => {
      for (const track of [this.#webSocket, this.#tunnel]) track.end(from, kind, moment);
    };
    return {
      wantsPayload: true,
      opened: () => undefined,
      protocol: (_flow, name) => {
        this.#protocols.add(name);
      },
      step: () => undefined,
      frame: () => undefined,
      message: (flow, message, { direction }) => {
        this.#message(flow, message, direction);
      },
      close: (flow, _code, _reason, { direction }) => {
        ended(direction, 'end', this.#moment(flow, direction));
      },
      data: () => undefined,
      undecodable: (_flow, why, { direction, offset }) => {
        note(direction, `undecodable at ${offset}: ${why}`);
      },
      gap: (_flow, direction, { offset, length, reason }) => {
        note(direction, `${length} bytes are missing at ${offset} of the TCP stream (${reason})`);
      },
      ended: (flow, how, { direction }: EventPlace) => {
        ended(direction, how === 'fin' ? 'end' : 'reset', this.#endMoment(flow, direction));
      },
      closed: () => undefined,
    };
  }

  #message(flow: TcpFlow, { protocol, type, payload, payloadBytes }: SeenMessage, from: FlowDirection): void {
    const track = protocol === 'tunnel' ? this.#tunnel : this.#webSocket;
    const moment = this.#moment(flow, from);
    if (protocol === 'tunnel' && type !== 'data') {
      track.end(from, type === 'end' ? 'end' : 'reset', moment);
      return;
    }
    if (payload === null) track.fill(from, payloadBytes, moment, 'payload');
    else track.say(from, payload, moment, type === 'text');
  }
}
