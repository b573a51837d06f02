import { Opcode } from '../../../faults/websocket/wire/frame.ts';
import type { SeenFrame } from '../../conversation-event.ts';
import { MAX_RESYNC_BYTES } from '../protocol-limits.ts';
import { findFrames } from './find-frames.ts';
import { FrameHeader, MAX_HEADER_BYTES } from './frame-header.ts';
import { Inflater } from './inflater.ts';
import { MessageParts, type WholeMessage } from './message-parts.ts';
import { unmask } from './unmask.ts';

/** Where one direction of a WebSocket puts what it finds; offsets are in the TCP stream. */
export interface WebSocketSink {
  /** Whether somebody looks at what is in the messages. */
  readonly wantsPayload: boolean;
  frame(frame: SeenFrame): void;
  message(message: WholeMessage): void;
  close(offset: number, code: number | null, reason: string): void;
  undecodable(offset: number, why: string): void;
}

/** Close 1005 and 1006 are never on the wire. */
const CLOSE_CODE_BYTES = 2;

/** One direction of a WebSocket, out of a stream that may have gaps. */
export class WebSocketSide {
  readonly #sink: WebSocketSink;
  readonly #isMasked: boolean;
  readonly #messages: MessageParts;
  readonly #header = new FrameHeader();
  readonly #frame: SeenFrame = newFrame();
  /** The beginning of a header, or bytes that are looked through after a gap. */
  #kept: Uint8Array = new Uint8Array(MAX_HEADER_BYTES);
  #keptBytes = 0;
  /** Of the next byte, in the stream. */
  #offset: number;
  /** Payload of the frame under way that is still to come; −1: a header comes. */
  #left = -1;
  #isLost = false;
  /** Of a control frame. */
  #control: Uint8Array[] = [];

  /** @param offset of the first byte, in the TCP stream. */
  constructor(sink: WebSocketSink, options: { readonly isMasked: boolean; readonly offset: number }) {
    this.#sink = sink;
    this.#isMasked = options.isMasked;
    this.#messages = new MessageParts(new Inflater(), sink.wantsPayload);
    this.#offset = options.offset;
  }

  push(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    while (at < end) {
      if (this.#isLost) {
        this.#search(bytes, at, end);
        return;
      }
      at = this.#left === -1 ? this.#readHeader(bytes, at, end) : this.#readPayload(bytes, at, end);
    }
  }

  /** So many bytes of the stream are missing. Within a frame its length says where the next begins. */
  gap(length: number): void {
    let missing = length;
    if (this.#isLost) this.#keptBytes = 0;
    else if (this.#left > 0) {
      const lost = Math.min(this.#left, missing);
      if (this.#header.isControl) this.#control = [];
      else this.#messages.lose(lost);
      this.#offset += lost;
      this.#left -= lost;
      missing -= lost;
      if (this.#left === 0) this.#endFrame();
    }
    this.#offset += missing;
    if (missing > 0) this.#lose();
  }

  #lose(): void {
    this.#isLost = true;
    this.#keptBytes = 0;
    this.#left = -1;
    this.#control = [];
    this.#messages.reset();
  }

  /** Returns where it has come to. */
  #readHeader(bytes: Uint8Array, at: number, end: number): number {
    if (this.#keptBytes === 0 && this.#header.read(bytes, at, end)) {
      this.#begin(this.#offset);
      this.#offset += this.#header.headerBytes;
      return at + this.#header.headerBytes;
    }
    // A byte at a time: there are at most 14.
    this.#kept[this.#keptBytes] = bytes[at] ?? 0;
    this.#keptBytes += 1;
    this.#offset += 1;
    if (this.#header.read(this.#kept, 0, this.#keptBytes)) {
      this.#keptBytes = 0;
      this.#begin(this.#offset - this.#header.headerBytes);
    }
    return at + 1;
  }

  /** @param offset of the header. */
  #begin(offset: number): void {
    const header = this.#header;
    if (!isKnown(header)) {
      this.#sink.undecodable(offset, `no frame: ${describe(header)}`);
      this.#lose();
      return;
    }
    const frame = this.#frame;
    frame.offset = offset;
    frame.opcode = header.opcode;
    frame.fin = header.fin;
    frame.rsv = header.rsv;
    frame.masked = header.masked;
    frame.headerBytes = header.headerBytes;
    frame.payloadBytes = header.payloadBytes;
    frame.seenBytes = 0;
    this.#left = header.payloadBytes;
    if (!header.isControl) {
      const wrong = this.#messages.begin(header, offset);
      if (wrong !== null) this.#sink.undecodable(offset, wrong);
    }
    if (this.#left === 0) this.#endFrame();
  }

  #readPayload(bytes: Uint8Array, at: number, end: number): number {
    const header = this.#header;
    const n = Math.min(this.#left, end - at);
    const done = header.payloadBytes - this.#left;
    if (header.isControl) this.#control.push(unmask(bytes, at, at + n, header.mask, done));
    else this.#messages.add(header, bytes, at, at + n, done);
    this.#frame.seenBytes += n;
    this.#offset += n;
    this.#left -= n;
    if (this.#left === 0) this.#endFrame();
    return at + n;
  }

  #endFrame(): void {
    const header = this.#header;
    this.#left = -1;
    this.#sink.frame(this.#frame);
    if (header.opcode === Opcode.CLOSE) this.#close();
    if (header.isControl) {
      this.#control = [];
      return;
    }
    const message = this.#messages.finish(header);
    if (message === null) return;
    this.#sink.message(message);
    if (message.why !== null) this.#sink.undecodable(message.offset, message.why);
  }

  #close(): void {
    const payload = Buffer.concat(this.#control);
    const isWhole = payload.length === this.#header.payloadBytes;
    const code = isWhole && payload.length >= CLOSE_CODE_BYTES ? payload.readUInt16BE(0) : null;
    this.#sink.close(this.#frame.offset, code, code === null ? '' : payload.toString('utf8', CLOSE_CODE_BYTES));
  }

  /** Looks for the beginning of a frame in what comes after a gap. */
  #search(bytes: Uint8Array, start: number, end: number): void {
    const kept = Buffer.concat([this.#kept.subarray(0, this.#keptBytes), bytes.subarray(start, end)]);
    // `#offset` is that of the first byte that is kept.
    const found = findFrames(kept, 0, kept.length, this.#isMasked);
    if (found !== -1) {
      this.#isLost = false;
      this.#keptBytes = 0;
      this.#kept = new Uint8Array(MAX_HEADER_BYTES);
      this.#offset += found;
      this.push(kept, found, kept.length);
      return;
    }
    const dropped = Math.max(0, kept.length - MAX_RESYNC_BYTES);
    this.#kept = kept.subarray(dropped);
    this.#keptBytes = this.#kept.length;
    this.#offset += dropped;
  }
}

/** What is no frame by any reading is not followed: its length is no length. Everything else a wrong peer may have sent. */
function isKnown({ opcode, rsv, payloadBytes }: FrameHeader): boolean {
  return (
    (opcode <= Opcode.BINARY || (opcode >= Opcode.CLOSE && opcode <= Opcode.PONG)) &&
    (rsv & 3) === 0 &&
    payloadBytes <= Number.MAX_SAFE_INTEGER
  );
}

function describe({ opcode, rsv, payloadBytes }: FrameHeader): string {
  return `opcode ${opcode}, reserved bits ${rsv}, ${payloadBytes} bytes`;
}

function newFrame(): SeenFrame {
  return { offset: 0, opcode: 0, fin: false, rsv: 0, masked: false, headerBytes: 0, payloadBytes: 0, seenBytes: 0 };
}
