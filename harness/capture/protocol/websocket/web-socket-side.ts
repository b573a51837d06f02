import { isUtf8 } from 'node:buffer';
import { MAX_CONTROL_BYTES, Opcode } from '../../../faults/websocket/wire/frame.ts';
import type { SeenFrame } from '../../conversation-event.ts';
import { CONVINCING_BITS, LIKELY_BITS } from '../protocol-limits.ts';
import { FrameHeader, MAX_HEADER_BYTES } from './frame-header.ts';
import { FrameSearch, type FoundFrames } from './frame-search.ts';
import { Inflater } from './inflater.ts';
import type { MessageBudget } from './message-budget.ts';
import { MessageParts, type WholeMessage } from './message-parts.ts';
import { unmask } from './unmask.ts';

/** Where one direction of a WebSocket puts what it finds; offsets are in the TCP stream. */
export interface WebSocketSink {
  /** Whether somebody looks at what is in the messages. */
  readonly wantsPayload: boolean;
  readonly budget: MessageBudget;
  frame(frame: SeenFrame): void;
  message(message: WholeMessage): void;
  close(offset: number, code: number | null, reason: string): void;
  undecodable(offset: number, why: string): void;
}

const CLOSE_CODE_BYTES = 2;

/** One direction of a WebSocket, out of a stream that may have gaps. */
export class WebSocketSide {
  readonly #sink: WebSocketSink;
  readonly #isMasked: boolean;
  readonly #messages: MessageParts;
  readonly #header = new FrameHeader();
  readonly #frame: SeenFrame = newFrame();
  /** The beginning of a header. */
  readonly #kept = new Uint8Array(MAX_HEADER_BYTES);
  #keptBytes = 0;
  /** Of the next byte, in the stream. */
  #offset: number;
  /** Payload of the frame under way that is still to come; −1: a header comes. */
  #left = -1;
  /** It is not known where the next frame begins; `#offset` is that of the first byte that is searched. */
  #search: FrameSearch | null = null;
  /** Frames may have been missed: the next one may go on with a message that nobody has seen begin. */
  #isAfterLoss = false;
  /** Who gets masks wrong does so in all frames: it is said once. */
  #isMaskTold = false;
  /** Of a control frame. */
  #control: Uint8Array[] = [];
  #controlBytes = 0;

  /**
   * @param options.offset of the first byte, in the TCP stream.
   * @param options.isMidway whether the first byte may be in the middle of a message;
   * @param options.isLost and in the middle of a frame.
   */
  constructor(
    sink: WebSocketSink,
    options: {
      readonly isMasked: boolean;
      readonly offset: number;
      readonly isMidway?: boolean;
      readonly isLost?: boolean;
    },
  ) {
    this.#sink = sink;
    this.#isMasked = options.isMasked;
    this.#messages = new MessageParts(new Inflater(), sink.wantsPayload, sink.budget);
    this.#offset = options.offset;
    this.#isAfterLoss = options.isMidway === true;
    if (options.isLost === true) this.#lose();
  }

  push(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    while (at < end) {
      if (this.#search !== null) {
        this.#find(this.#search.push(bytes, at, end));
        return;
      }
      at = this.#left === -1 ? this.#readHeader(bytes, at, end) : this.#readPayload(bytes, at, end);
    }
  }

  /** So many bytes of the stream are missing. Within a frame its length says where the next begins. */
  gap(length: number): void {
    let missing = length;
    if (this.#search !== null) this.#giveUp(this.#search);
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

  /** Nothing more comes. */
  end(): void {
    if (this.#search !== null) this.#find(this.#search.finish());
    if (this.#search !== null) this.#giveUp(this.#search);
    else if (this.#left > 0)
      this.#sink.undecodable(this.#frame.offset, `a frame whose last ${this.#left} bytes are not there`);
    else if (this.#keptBytes > 0)
      this.#sink.undecodable(this.#offset - this.#keptBytes, `the first ${this.#keptBytes} bytes of a frame`);
    this.#left = -1;
    this.#keptBytes = 0;
    this.#search = null;
    this.#messages.reset();
  }

  #lose(): void {
    this.#search = new FrameSearch({
      isMasked: this.#isMasked,
      startBits: LIKELY_BITS,
      elsewhereBits: CONVINCING_BITS,
    });
    this.#isAfterLoss = true;
    this.#keptBytes = 0;
    this.#left = -1;
    this.#control = [];
    this.#messages.reset();
  }

  /** What was searched holds no frame. */
  #giveUp({ bytes }: FrameSearch): void {
    if (bytes > 0) this.#sink.undecodable(this.#offset, `${bytes} bytes without the beginning of a frame`);
    this.#offset += bytes;
  }

  #find(found: FoundFrames | null): void {
    if (found === null) return;
    const { skippedBytes, bytes } = found;
    if (skippedBytes > 0) this.#sink.undecodable(this.#offset, `${skippedBytes} bytes before the beginning of a frame`);
    this.#search = null;
    this.#offset += skippedBytes;
    this.push(bytes, 0, bytes.length);
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
    if (header.isControl) {
      this.#control = [];
      this.#controlBytes = 0;
      if (header.payloadBytes > MAX_CONTROL_BYTES)
        this.#sink.undecodable(offset, `a control frame of ${header.payloadBytes} bytes`);
    } else {
      const wrong = this.#messages.begin(header, offset);
      if (wrong !== null && !this.#isAfterLoss) this.#sink.undecodable(offset, wrong);
      this.#isAfterLoss = false;
    }
    if (header.masked !== this.#isMasked && !this.#isMaskTold) {
      this.#isMaskTold = true;
      this.#sink.undecodable(offset, header.masked ? 'a mask on a frame of the server' : 'a frame without its mask');
    }
    if (this.#left === 0) this.#endFrame();
  }

  #readPayload(bytes: Uint8Array, at: number, end: number): number {
    const header = this.#header;
    const n = Math.min(this.#left, end - at);
    const done = header.payloadBytes - this.#left;
    if (header.isControl) this.#keepControl(unmask(bytes, at, at + n, header.mask, done));
    else this.#messages.add(header, bytes, at, at + n, done);
    this.#frame.seenBytes += n;
    this.#offset += n;
    this.#left -= n;
    if (this.#left === 0) this.#endFrame();
    return at + n;
  }

  /** A frame that is longer than it may be is not kept whole. */
  #keepControl(bytes: Uint8Array): void {
    const rest = MAX_CONTROL_BYTES - this.#controlBytes;
    if (rest <= 0) return;
    this.#control.push(bytes.subarray(0, rest));
    this.#controlBytes += Math.min(rest, bytes.length);
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
    const { offset } = this.#frame;
    if (payload.length !== this.#header.payloadBytes && payload.length < MAX_CONTROL_BYTES) {
      this.#sink.close(offset, null, '');
      return;
    }
    const code = payload.length >= CLOSE_CODE_BYTES ? payload.readUInt16BE(0) : null;
    const reason = payload.subarray(CLOSE_CODE_BYTES);
    if (payload.length === 1) this.#sink.undecodable(offset, 'a Close frame with half a code');
    else if (code !== null && !isOnTheWire(code)) this.#sink.undecodable(offset, `a Close frame with code ${code}`);
    if (!isUtf8(reason)) this.#sink.undecodable(offset, 'a Close frame whose reason is no UTF-8');
    this.#sink.close(offset, code, reason.toString('utf8'));
  }
}

/** RFC 6455, section 7.4: 1004 to 1006 and 1015 are never sent, nor is what lies outside. */
function isOnTheWire(code: number): boolean {
  return (code >= 1000 && code <= 1014 && (code < 1004 || code > 1006)) || (code >= 3000 && code <= 4999);
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
