import { Frame } from './frame.ts';

/** A longer frame is not kept to be looked at: its bytes go on as they come. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

const MAX_HEADER_BYTES = 14;

/**
 * Cuts one direction of a WebSocket into frames, whatever the chunks that it comes in, masked or not. It judges nothing:
 * any two bytes begin a frame. All bytes come out again, in order, each once.
 */
export class FrameParser {
  readonly #onFrame: (frame: Frame) => void;
  readonly #onBytes: (bytes: Buffer) => void;
  readonly #maxFrameBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** With fewer bytes than this the frame cannot be complete. */
  #needed = 2;
  /** What is still to come of a frame that is too long to be kept. */
  #opaque = 0;

  /** @param handlers `bytes` gets the pieces of a frame that is longer than `maxFrameBytes`. */
  constructor(handlers: {
    readonly frame: (frame: Frame) => void;
    readonly bytes: (bytes: Buffer) => void;
    readonly maxFrameBytes?: number;
  }) {
    this.#onFrame = handlers.frame;
    this.#onBytes = handlers.bytes;
    this.#maxFrameBytes = handlers.maxFrameBytes ?? MAX_FRAME_BYTES;
  }

  /** The bytes are kept until their frame is whole: they may not be written to again. */
  push(bytes: Buffer): void {
    this.#chunks.push(bytes);
    this.#bytes += bytes.byteLength;
    if (this.#bytes < this.#needed && this.#opaque === 0) return;
    const whole = this.#chunks.length === 1 ? bytes : Buffer.concat(this.#chunks, this.#bytes);
    let rest = whole;
    for (;;) {
      const taken = this.#opaque > 0 ? this.#passOn(rest) : this.#take(rest);
      if (taken === 0) break;
      rest = rest.subarray(taken);
    }
    this.#chunks = rest.byteLength === 0 ? [] : [rest];
    this.#bytes = rest.byteLength;
  }

  /** Takes out what has come of a frame that is not whole; to be asked when nothing more will come. */
  takeRest(): Buffer {
    const rest = Buffer.concat(this.#chunks, this.#bytes);
    this.#chunks = [];
    this.#bytes = 0;
    return rest;
  }

  #passOn(bytes: Buffer): number {
    const taken = Math.min(bytes.byteLength, this.#opaque);
    if (taken === 0) return 0;
    this.#opaque -= taken;
    this.#onBytes(bytes.subarray(0, taken));
    return taken;
  }

  /** One frame from the beginning of `bytes`. Returns how many bytes it had, 0 if it is not whole. */
  #take(bytes: Buffer): number {
    const headerBytes = headerBytesOf(bytes);
    this.#needed = headerBytes;
    if (bytes.byteLength < headerBytes) return 0;
    const total = headerBytes + payloadBytesOf(bytes);
    if (total > this.#maxFrameBytes) {
      this.#opaque = total;
      return this.#passOn(bytes);
    }
    this.#needed = total;
    if (bytes.byteLength < total) return 0;
    this.#onFrame(new Frame(bytes.subarray(0, total), headerBytes));
    return total;
  }
}

/** At least 2, at most 14; exact once two bytes are there. */
function headerBytesOf(bytes: Buffer): number {
  const second = bytes[1];
  if (second === undefined) return 2;
  const length = second & 0x7f;
  return Math.min(MAX_HEADER_BYTES, 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + (second < 0x80 ? 0 : 4));
}

/** What the header says; beyond 2^53 it is inexact, and more than will ever come. */
function payloadBytesOf(bytes: Buffer): number {
  const length = (bytes[1] ?? 0) & 0x7f;
  if (length === 126) return bytes.readUInt16BE(2);
  return length === 127 ? Number(bytes.readBigUInt64BE(2)) : length;
}
