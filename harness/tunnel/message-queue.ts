import { invariant } from '../../src/errors.ts';
import type { ChunkSlot } from '../../src/poll/poll-stream.ts';
import { HEADER_BYTES } from './message.ts';

/**
 * Data messages that have come and were not read yet. It does not refuse anything: whoever fills it looks at
 * `payloadBytes` and `length`, and stops the source.
 */
export class MessageQueue {
  #messages: Buffer[] = [];
  /** The index of the first message that is still to be read. */
  #head = 0;
  /** Where its unread part begins. */
  #offset = HEADER_BYTES;
  #payloadBytes = 0;

  /** Payload that is still to be read, in bytes. */
  get payloadBytes(): number {
    return this.#payloadBytes;
  }

  get length(): number {
    return this.#messages.length - this.#head;
  }

  push(message: Buffer): void {
    this.#messages.push(message);
    this.#payloadBytes += message.byteLength - HEADER_BYTES;
    this.#invariants();
  }

  /** Copies what fits into `bytes[start..end]`, from as many messages as it takes. Returns how many bytes. */
  read(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    for (let first = this.#first(); first !== null && at < end; first = this.#first()) {
      const n = Math.min(end - at, first.byteLength - this.#offset);
      bytes.set(first.subarray(this.#offset, this.#offset + n), at);
      at += n;
      this.#take(n);
    }
    return at - start;
  }

  /** Hands over the rest of the first message. Returns its length; 0 if there is none. */
  readChunk(slot: ChunkSlot): number {
    const first = this.#first();
    if (first === null) return 0;
    slot.bytes = first;
    slot.start = this.#offset;
    slot.end = first.byteLength;
    const n = slot.end - slot.start;
    this.#take(n);
    return n;
  }

  clear(): void {
    this.#messages = [];
    this.#head = 0;
    this.#offset = HEADER_BYTES;
    this.#payloadBytes = 0;
  }

  #first(): Buffer | null {
    return this.#messages[this.#head] ?? null;
  }

  #take(n: number): void {
    this.#offset += n;
    this.#payloadBytes -= n;
    if (this.#offset === this.#first()?.byteLength) {
      this.#offset = HEADER_BYTES;
      this.#head += 1;
      // The part that was read is cut off once it is half of the whole: each message moves at most once.
      if (this.#head * 2 > this.#messages.length) {
        this.#messages = this.#messages.slice(this.#head);
        this.#head = 0;
      }
    }
    this.#invariants();
  }

  #invariants(): void {
    invariant(
      this.#payloadBytes >= this.length && this.#head <= this.#messages.length,
      `Message queue out of step: ${this.#payloadBytes} bytes in ${this.length} messages`,
    );
  }
}
