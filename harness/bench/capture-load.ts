import { closeSync, openSync, readSync } from 'node:fs';
import type { ConversationSink, EventPlace, SeenFrame, SeenMessage } from '../capture/conversation-event.ts';
import { SegmentReader } from '../capture/packet/segment-reader.ts';
import { ConversationDecoder } from '../capture/protocol/conversation-decoder.ts';
import { captureBytes } from '../capture/read/capture-bytes.ts';
import { readCapture } from '../capture/read/read-capture.ts';
import type { TcpFlow } from '../capture/tcp-flow.ts';
import { FlowTable } from '../capture/tcp/flow-table.ts';
import type { CaptureCounts, CaptureVariant } from './capture-variant.ts';

const BUFFER_BYTES = 1024 * 1024;
const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;

/** What a variant does: one pass over the file. */
export function captureLoad(variant: CaptureVariant): (file: string) => Promise<CaptureCounts> {
  switch (variant) {
    case 'read':
      return (file) => Promise.resolve(bareRead(file));
    case 'walk':
      return (file) => Promise.resolve(plainLoop(file));
    case 'frames':
      return (file) => decode(file, false);
    case 'payload':
      return (file) => decode(file, true);
  }
}

/** The bytes come into memory, and nobody looks at them: no reader of captures can be faster. */
function bareRead(file: string): CaptureCounts {
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  const fd = openSync(file, 'r');
  let bytes = 0;
  for (let n = readSync(fd, buffer); n > 0; n = readSync(fd, buffer)) bytes += n;
  closeSync(fd);
  return { ...NOTHING, bytes };
}

/**
 * What somebody writes who wants to see each packet of a pcap once, and no more: the file comes with `fs.readSync` into one
 * buffer that is used again, and the loop steps from record to record. Of each it reads the header (time, length captured, length
 * sent), and nothing of the packet itself; a record that the buffer cuts is moved to its front. Little-endian and microseconds are
 * taken for granted.
 */
function plainLoop(file: string): CaptureCounts {
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  const fd = openSync(file, 'r');
  let [bytes, packets, sentBytes, lastMicros] = [readSync(fd, buffer, 0, FILE_HEADER_BYTES, null), 0, 0, 0];
  let kept = 0;
  for (;;) {
    const n = readSync(fd, buffer, kept, BUFFER_BYTES - kept, null);
    if (n === 0) break;
    bytes += n;
    const end = kept + n;
    let at = 0;
    while (end - at >= RECORD_HEADER_BYTES) {
      const captured = buffer.readUInt32LE(at + 8);
      if (end - at < RECORD_HEADER_BYTES + captured) break;
      lastMicros = buffer.readUInt32LE(at) * 1e6 + buffer.readUInt32LE(at + 4);
      sentBytes += buffer.readUInt32LE(at + 12);
      packets += 1;
      at += RECORD_HEADER_BYTES + captured;
    }
    buffer.copyWithin(0, at, end);
    kept = end - at;
  }
  closeSync(fd);
  if (sentBytes + packets * RECORD_HEADER_BYTES + FILE_HEADER_BYTES !== bytes || lastMicros === 0)
    throw new Error('The plain loop lost its way');
  return { ...NOTHING, bytes, packets };
}

/** What `relayscope inspect` does with a capture: TCP streams in order, protocols, frames and messages. */
async function decode(file: string, wantsPayload: boolean): Promise<CaptureCounts> {
  const counter = new Counter(wantsPayload);
  const table = new FlowTable(new ConversationDecoder(counter));
  await readCapture(captureBytes(file), new SegmentReader(table));
  table.end();
  const { packets, messages, payloadBytes, firstBytes } = counter;
  return { bytes: 0, packets, messages, payloadBytes, firstBytes };
}

const NOTHING: CaptureCounts = { bytes: 0, packets: 0, messages: 0, payloadBytes: 0, firstBytes: 0 };

/** Counts what the decoders tell. */
class Counter implements ConversationSink {
  readonly wantsPayload: boolean;
  messages = 0;
  payloadBytes = 0;
  firstBytes = 0;
  #flows: TcpFlow[] = [];
  #frames = 0;

  constructor(wantsPayload: boolean) {
    this.wantsPayload = wantsPayload;
  }

  get packets(): number {
    return this.#flows.reduce((sum, { sides }) => sum + sides[0].packets + sides[1].packets, 0);
  }

  opened(flow: TcpFlow): void {
    this.#flows.push(flow);
  }

  frame(_flow: TcpFlow, { seenBytes, payloadBytes }: SeenFrame): void {
    if (seenBytes === payloadBytes) this.#frames += 1;
  }

  message(_flow: TcpFlow, { payload, payloadBytes }: SeenMessage): void {
    this.messages += 1;
    this.payloadBytes += payloadBytes;
    this.firstBytes += payload?.[0] ?? 0;
  }

  undecodable(_flow: TcpFlow, why: string, { packet }: EventPlace): void {
    throw new Error(`Packet ${packet}: ${why}`);
  }

  gap(): void {
    throw new Error('A gap in a capture without gaps');
  }

  closed(): void {
    if (this.#frames !== this.messages) throw new Error('A frame that is no message');
  }

  protocol(): void {
    // There is one.
  }

  step(): void {
    // Counted by nobody.
  }

  close(): void {
    // None.
  }

  data(): void {
    // None.
  }

  ended(): void {
    // It does not.
  }
}
