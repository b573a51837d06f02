import { readFileSync } from 'node:fs';
import type {
  ConversationSink,
  EventPlace,
  SeenFrame,
  SeenMessage,
} from '../../../harness/capture/conversation-event.ts';
import { SegmentReader } from '../../../harness/capture/packet/segment-reader.ts';
import { ConversationDecoder } from '../../../harness/capture/protocol/conversation-decoder.ts';
import { readCapture } from '../../../harness/capture/read/read-capture.ts';
import { FlowTable } from '../../../harness/capture/tcp/flow-table.ts';
import type { TcpFlow } from '../../../harness/capture/tcp-flow.ts';
import { pieces } from './follow.ts';

/** What was found in all connections of a capture, by direction. */
export class Decoded implements ConversationSink {
  readonly wantsPayload = true;
  readonly flows: TcpFlow[] = [];
  readonly frames: [SeenFrame[], SeenFrame[]] = [[], []];
  readonly messages: [SeenMessage[], SeenMessage[]] = [[], []];
  readonly bytes: [number, number] = [0, 0];
  /** `a: SOCKS5 CONNECT t.cn:80`, in their order; all but frames and messages. */
  readonly told: string[] = [];

  opened(flow: TcpFlow): void {
    this.flows.push(flow);
  }

  protocol(_flow: TcpFlow, name: string, by: string, place: EventPlace): void {
    this.#tell(place, `is ${name}, by ${by}`);
  }

  step(_flow: TcpFlow, text: string, place: EventPlace): void {
    this.#tell(place, text);
  }

  frame(_flow: TcpFlow, frame: SeenFrame, { direction }: EventPlace): void {
    this.frames[direction].push({ ...frame });
  }

  message(_flow: TcpFlow, message: SeenMessage, { direction }: EventPlace): void {
    const payload = message.payload === null ? null : Buffer.from(message.payload);
    this.messages[direction].push({ ...message, payload });
  }

  close(_flow: TcpFlow, code: number | null, reason: string, place: EventPlace): void {
    this.#tell(place, `Close ${code} ${reason}`);
  }

  data(_flow: TcpFlow, _bytes: Uint8Array, start: number, end: number, { direction }: EventPlace): void {
    this.bytes[direction] += end - start;
  }

  undecodable(_flow: TcpFlow, why: string, place: EventPlace): void {
    this.#tell(place, `undecodable at ${place.offset}: ${why}`);
  }

  gap(): void {
    // The streams have them: `flows`.
  }

  ended(_flow: TcpFlow, how: string, place: EventPlace): void {
    this.#tell(place, how);
  }

  closed(): void {
    // Nothing to add.
  }

  #tell({ direction }: EventPlace, text: string): void {
    this.told.push(`${direction === 0 ? 'a' : 'b'}: ${text}`);
  }
}

export async function decode(capture: Uint8Array, chunkBytes = capture.length): Promise<Decoded> {
  const decoded = new Decoded();
  const table = new FlowTable(new ConversationDecoder(decoded));
  await readCapture(pieces(capture, chunkBytes), new SegmentReader(table));
  table.end();
  return decoded;
}

export async function decodeFile(path: string, chunkBytes?: number): Promise<Decoded> {
  return decode(readFileSync(path), chunkBytes);
}
