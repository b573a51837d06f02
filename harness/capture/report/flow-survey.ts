import { epochMs } from '../epoch-ms.ts';
import type { ConversationSink, EventPlace, ProtocolName, SeenFrame, SeenMessage } from '../conversation-event.ts';
import type { FlowDirection, StreamGap, TcpFlow } from '../tcp-flow.ts';
import { Opcode } from '../../faults/websocket/wire/frame.ts';
import { MAX_ALL_GAPS, MAX_SIDE_GAPS, newSideRecord, type FlowRecord, type SideRecord } from './flow-record.ts';
import { textBeginning } from './text-beginning.ts';
import type { TimeLine, TimeLineEvent } from './time-line.ts';

/** So many connections are told one by one; the others are counted. */
export const MAX_LISTED_FLOWS = 200_000;

export interface SurveyOptions {
  /** Whether time lines show how texts begin. */
  readonly showsText: boolean;
  /** The time line of a connection, if it is to have one. */
  readonly timeLineOf: (record: FlowRecord) => TimeLine | null;
}

/** What a protocol is recognised by when its handshake is there to be seen. */
const EXPLICIT: ReadonlySet<string> = new Set(['request', 'response', 'reply', 'upgrade', '101', 'the request', 'HAR']);

/** A connection that is not over. */
interface OpenFlow {
  readonly record: FlowRecord;
  readonly line: TimeLine | null;
}

/** Keeps a small record of every connection in a capture, and feeds the time lines of those that have one. */
export class FlowSurvey implements ConversationSink {
  /** In the order of their first packets. */
  readonly flows: FlowRecord[] = [];
  /** With those that are not in the list. */
  count = 0;
  readonly wantsPayload: boolean;
  readonly #options: SurveyOptions;
  readonly #open = new Map<TcpFlow, OpenFlow>();
  #keptGaps = 0;
  #firstMs: number | null = null;
  #latestMs = 0;

  constructor(options: SurveyOptions) {
    this.#options = options;
    this.wantsPayload = options.showsText;
  }

  /** Of a packet of any kind. */
  at(seconds: number, nanoseconds: number): void {
    const ms = epochMs({ seconds, nanoseconds });
    this.#firstMs ??= ms;
    this.#latestMs = ms;
  }

  /** Of the first packet and the last, in milliseconds since 1970; null: there is none. */
  get span(): { readonly firstMs: number; readonly lastMs: number } | null {
    return this.#firstMs === null ? null : { firstMs: this.#firstMs, lastMs: this.#latestMs };
  }

  opened(flow: TcpFlow, place: EventPlace): void {
    const firstMs = this.#msOf(place);
    const record: FlowRecord = {
      id: flow.id,
      client: flow.client,
      server: flow.server,
      began: flow.began,
      protocols: [],
      firstMs,
      lastMs: firstMs,
      undecodable: 0,
      undecodableWhy: '',
      sides: [newSideRecord(), newSideRecord()],
    };
    this.count += 1;
    if (this.flows.length < MAX_LISTED_FLOWS) this.flows.push(record);
    const open = { record, line: this.#options.timeLineOf(record) };
    this.#open.set(flow, open);
    const what = flow.began === 'handshake' ? 'connects' : 'already connected when the capture begins';
    this.#tell(open, place, { kind: 'connected', direction: flow.began === 'handshake' ? 0 : null, what });
  }

  protocol(flow: TcpFlow, name: ProtocolName, by: string, place: EventPlace): void {
    const open = this.#open.get(flow);
    if (open === undefined) return;
    open.record.protocols.push(name);
    // The step itself says it better.
    if (EXPLICIT.has(by)) return;
    this.#tell(open, place, { kind: 'protocol', what: `${name}, by ${by}` });
  }

  step(flow: TcpFlow, text: string, place: EventPlace): void {
    this.#tell(this.#open.get(flow), place, { kind: 'step', what: text });
  }

  frame(flow: TcpFlow, frame: SeenFrame, place: EventPlace): void {
    const open = this.#open.get(flow);
    if (open === undefined) return;
    open.record.sides[place.direction].frames += 1;
    if (frame.opcode !== Opcode.PING && frame.opcode !== Opcode.PONG) return;
    const what = frame.opcode === Opcode.PING ? 'ping' : 'pong';
    this.#tell(open, place, { kind: 'control', what, bytes: frame.payloadBytes });
  }

  message(flow: TcpFlow, message: SeenMessage, place: EventPlace): void {
    const open = this.#open.get(flow);
    if (open === undefined) return;
    const side = open.record.sides[place.direction];
    const { payload, payloadBytes: bytes, offset } = message;
    const begins = this.#options.showsText && payload !== null ? textBeginning(payload) : null;
    if (message.protocol === 'tunnel') {
      side.tunnelMessages += 1;
      open.line?.refine({ direction: place.direction, offset, what: `tunnel ${message.type}`, bytes, begins });
      return;
    }
    side.messages += 1;
    side.messageBytes += bytes;
    const shape = `${message.fragments > 1 ? ` in ${message.fragments} fragments` : ''}${message.deflated ? ', deflated' : ''}`;
    this.#tell(open, place, { kind: 'message', what: `${message.type}${shape}`, bytes, begins });
  }

  close(flow: TcpFlow, code: number | null, reason: string, place: EventPlace): void {
    const open = this.#open.get(flow);
    if (open === undefined) return;
    const side = open.record.sides[place.direction];
    if (!side.isClosed) {
      side.isClosed = true;
      side.closeCode = code;
      side.closeReason = reason;
    }
    const said = `${code === null ? '' : ` ${code}`}${reason === '' ? '' : ` ${reason}`}`;
    this.#tell(open, place, { kind: 'close', what: `Close${said}` });
  }

  // Positional, as ConversationSink is.
  data(flow: TcpFlow, bytes: Uint8Array, start: number, end: number, place: EventPlace): void {
    const open = this.#open.get(flow);
    const showsText = this.#options.showsText && open?.line !== null;
    const begins = showsText ? textBeginning(bytes.subarray(start, end)) : null;
    this.#tell(open, place, { kind: 'data', what: 'data', bytes: end - start, begins });
  }

  undecodable(flow: TcpFlow, why: string, place: EventPlace): void {
    const open = this.#open.get(flow);
    if (open === undefined) return;
    open.record.undecodable += 1;
    if (open.record.undecodable === 1) open.record.undecodableWhy = why;
    this.#tell(open, place, { kind: 'undecodable', what: why });
  }

  gap(flow: TcpFlow, direction: FlowDirection, gap: StreamGap): void {
    const open = this.#open.get(flow);
    if (open === undefined) return;
    const { line, record } = open;
    const side = record.sides[direction];
    side.gapCount += 1;
    side.gapBytes += gap.length;
    if (side.gaps.length < MAX_SIDE_GAPS && this.#keptGaps < MAX_ALL_GAPS) {
      this.#keptGaps += 1;
      side.gaps.push({ offset: gap.offset, length: gap.length, reason: gap.reason });
    }
    line?.add({
      kind: 'gap',
      direction,
      atMs: this.#sinceBegin(this.#latestMs),
      offset: gap.offset,
      packet: 0,
      what: gap.reason,
      bytes: gap.length,
      begins: null,
    });
  }

  ended(flow: TcpFlow, how: 'fin' | 'rst', place: EventPlace): void {
    this.#tell(this.#open.get(flow), place, { kind: 'end', what: how });
  }

  closed(flow: TcpFlow): void {
    const open = this.#open.get(flow);
    if (open === undefined) return;
    this.#open.delete(flow);
    const { record, line } = open;
    // What was said first may have told who is who.
    record.client = flow.client;
    record.server = flow.server;
    for (const direction of [0, 1] as const) {
      const side = record.sides[direction];
      const of = flow.sides[direction];
      side.bytes = of.streamBytes;
      side.end = of.end;
      side.acknowledged = of.acknowledgedBytes;
      side.packets = of.packets;
      side.retransmissions = of.retransmissions;
      side.outOfOrder = of.outOfOrder;
      side.duplicates = of.duplicates;
      side.conflicts = of.conflicts;
      side.strays = of.strays ?? 0;
      side.lateBytes = of.lateBytes ?? 0;
      side.perhapsBytes = of.perhapsBytes ?? 0;
    }
    // Of what is over nobody expects to hear anything.
    line?.end(isOver(record) ? null : this.#sinceBegin(this.#latestMs));
  }

  #tell(
    open: OpenFlow | undefined,
    place: EventPlace,
    event: Partial<TimeLineEvent> & Pick<TimeLineEvent, 'kind' | 'what'>,
  ): void {
    if (open === undefined) return;
    const ms = this.#msOf(place);
    open.record.lastMs = ms;
    if (open.line === null) return;
    open.line.add({
      direction: place.direction,
      atMs: this.#sinceBegin(ms),
      offset: place.offset,
      packet: place.packet,
      bytes: 0,
      begins: null,
      ...event,
    });
  }

  #msOf(place: EventPlace): number {
    // Without packets, as in a HAR, these are all the times there are.
    if (place.packet === 0) this.at(place.seconds, place.nanoseconds);
    return epochMs(place);
  }

  #sinceBegin(ms: number): number {
    return ms - (this.#firstMs ?? ms);
  }
}

/** Whether both sides have ended, as far as they were captured, or one has reset the connection. */
export function isOver({ sides: [a, b] }: FlowRecord): boolean {
  if (a.end === 'rst' || b.end === 'rst') return true;
  const isEnded = ({ end, packets }: SideRecord, other: SideRecord): boolean =>
    end !== null || (packets === 0 && other.end !== null);
  return isEnded(a, b) && isEnded(b, a);
}
