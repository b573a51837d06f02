import { Opcode } from '../../faults/websocket/wire/frame.ts';
import { printable } from '../../../src/printable.ts';
import type { ConversationSink, EventPlace, SeenMessage } from '../conversation-event.ts';
import { TunnelReader } from '../protocol/tunnel-reader.ts';
import type { FlowDirection, FlowSide, TcpFlow } from '../tcp-flow.ts';
import type { HarMessage, HarWebSocket } from './har-format.ts';

/** Later than the year 5000 in seconds: so it is milliseconds. */
const LEAST_MILLISECONDS = 1e11;

/**
 * Tells one WebSocket of a HAR as a conversation: the browser is the client. There is no TCP in a HAR: no bytes, no ends, no
 * packets; a place is counted in bytes of payload, and every message is one frame.
 */
export function tellHarConversation(entry: HarWebSocket, url: URL, id: number, sink: ConversationSink): void {
  const flow: TcpFlow = {
    id,
    client: 'browser',
    server: serverOf(url),
    began: 'handshake',
    sides: [newSide(), newSide()],
    firstPacket: 0,
  };
  const started = Date.parse(entry.startedDateTime ?? '');
  const first = entry._webSocketMessages[0]?.time ?? 0;
  const begin = Number.isNaN(started) ? first : started;
  sink.opened(flow, placeAt(0, 0, begin));
  sink.protocol(flow, 'websocket', 'HAR', placeAt(0, 0, begin));
  const firstLine = `GET ${url.pathname}${url.search} HTTP/1.1`;
  sink.step(flow, printable(firstLine), placeAt(0, 0, begin));
  const extensions = entry.response?.headers?.find(({ name }) => name.toLowerCase() === 'sec-websocket-extensions');
  if (extensions?.value.includes('permessage-deflate') === true)
    sink.protocol(flow, 'permessage-deflate', 'extension', placeAt(1, 0, begin));
  if (entry.response?.status !== undefined) sink.step(flow, String(entry.response.status), placeAt(1, 0, begin));
  const tunnel = new TunnelReader();
  tunnel.upgrade({ firstLine, headers: new Map(), bytes: 0 });
  new Teller(flow, sink, tunnel).tell(entry._webSocketMessages);
  sink.closed(flow);
}

class Teller {
  readonly #flow: TcpFlow;
  readonly #sink: ConversationSink;
  readonly #tunnel: TunnelReader;
  readonly #offsets: [number, number] = [0, 0];
  #isTunnel = false;

  constructor(flow: TcpFlow, sink: ConversationSink, tunnel: TunnelReader) {
    this.#flow = flow;
    this.#sink = sink;
    this.#tunnel = tunnel;
  }

  tell(messages: readonly HarMessage[]): void {
    for (const message of messages) this.#message(message);
  }

  #message({ type, time, opcode, data }: HarMessage): void {
    const direction: FlowDirection = type === 'send' ? 0 : 1;
    const offset = this.#offsets[direction];
    const place = placeAt(direction, offset, time);
    if (type !== 'send' && type !== 'receive') {
      this.#sink.undecodable(this.#flow, printable(`${type}: ${data}`), place);
      return;
    }
    const isText = opcode === Opcode.TEXT;
    const payload = Buffer.from(data, isText ? 'utf8' : 'base64');
    this.#offsets[direction] += payload.length;
    const masked = direction === 0;
    const frame = { offset, opcode, fin: true, rsv: 0, masked, headerBytes: 0, payloadBytes: payload.length };
    this.#sink.frame(this.#flow, { ...frame, seenBytes: payload.length }, place);
    if (opcode === Opcode.CLOSE) this.#sink.close(this.#flow, null, '', place);
    if (!isText && opcode !== Opcode.BINARY) return;
    const isWhole = isText || isBase64Of(data, payload.length);
    this.#tell({ isText, offset, payload: isWhole ? payload : null, payloadBytes: payload.length }, place);
    if (!isWhole) this.#sink.undecodable(this.#flow, 'a binary message that is no base64', place);
  }

  #tell(
    about: { readonly isText: boolean; offset: number; payload: Uint8Array | null; payloadBytes: number },
    place: EventPlace,
  ): void {
    const { isText, offset, payload, payloadBytes } = about;
    const type = isText ? ('text' as const) : ('binary' as const);
    const message = {
      protocol: 'websocket' as const,
      type,
      offset,
      payload,
      payloadBytes,
      fragments: 1,
      deflated: false,
    };
    this.#give(message, place);
    const inner = this.#tunnel.message({ ...message, firstByte: -1, why: null });
    if (inner === null) return;
    if (!this.#isTunnel) this.#sink.protocol(this.#flow, 'tunnel', 'the request', place);
    this.#isTunnel = true;
    this.#give(inner, place);
  }

  #give(message: SeenMessage, place: EventPlace): void {
    this.#sink.message(this.#flow, this.#sink.wantsPayload ? message : { ...message, payload: null }, place);
  }
}

function placeAt(direction: FlowDirection, offset: number, time: number): EventPlace {
  // A double of today's seconds holds microseconds, and no more.
  const microseconds = Math.round(time >= LEAST_MILLISECONDS ? time * 1e3 : time * 1e6);
  const seconds = Math.floor(microseconds / 1e6);
  return { direction, offset, packet: 0, seconds, nanoseconds: (microseconds - seconds * 1e6) * 1000 };
}

function serverOf({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port === '' ? (protocol === 'wss:' || protocol === 'https:' ? 443 : 80) : port}`;
}

/** Whether nothing of the text was stepped over in decoding it: four characters are three bytes. */
function isBase64Of(text: string, bytes: number): boolean {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return Math.floor(((text.length - padding) * 3) / 4) === bytes;
}

function newSide(): FlowSide {
  return {
    streamBytes: 0,
    acknowledgedBytes: 0,
    retransmissions: 0,
    outOfOrder: 0,
    duplicates: 0,
    keepAlives: 0,
    conflicts: 0,
    packets: 0,
    end: null,
  };
}
