import type { SeenMessage } from '../../conversation-event.ts';
import { Opcode, RSV1 } from '../../../faults/websocket/wire/frame.ts';
import { MAX_MESSAGE_BYTES } from '../protocol-limits.ts';
import type { FrameHeader } from './frame-header.ts';
import type { Inflater } from './inflater.ts';
import type { MessageBudget } from './message-budget.ts';
import { MessageBuffer } from './message-buffer.ts';

/** A message that is whole. */
export interface WholeMessage extends SeenMessage {
  readonly protocol: 'websocket';
  readonly type: 'text' | 'binary';
  /** Of the payload as it was sent, known even if nobody wants the rest; −1: it is missing, or deflated. */
  readonly firstByte: number;
  /** Why the payload cannot be had although its bytes are there. */
  readonly why: string | null;
}

/** Puts the frames of one direction's messages together. Control frames in between are none of its business. */
export class MessageParts {
  readonly #inflater: Inflater;
  readonly #wantsPayload: boolean;
  readonly #kept: MessageBuffer;
  /** The whole message where it lies in the capture. */
  #lying: Uint8Array | null = null;
  #bytes = 0;
  #fragments = 0;
  #offset = 0;
  #type: 'text' | 'binary' = 'binary';
  #deflated = false;
  #firstByte = -1;
  #isOpen = false;
  /** Bytes are missing, or it is longer than what is kept. */
  #isPartial = false;

  /** @param wantsPayload false: only lengths are told, and nothing is kept but what has to be inflated. */
  constructor(inflater: Inflater, wantsPayload: boolean, budget: MessageBudget) {
    this.#kept = new MessageBuffer(budget);
    this.#inflater = inflater;
    this.#wantsPayload = wantsPayload;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** A frame of data begins. Returns what is wrong with that, or null. */
  begin(header: FrameHeader, offset: number): string | null {
    const isContinuation = header.opcode === Opcode.CONTINUATION;
    if (isContinuation && this.#isOpen) {
      this.#fragments += 1;
      return header.rsv === 0 ? null : 'a reserved bit on a continuation';
    }
    const wrong = isContinuation
      ? 'a continuation without a beginning'
      : this.#isOpen
        ? 'a new message before the end of another'
        : null;
    if (this.#isOpen) this.#clear();
    this.#isOpen = true;
    this.#fragments = 1;
    this.#offset = offset;
    this.#type = header.opcode === Opcode.TEXT ? 'text' : 'binary';
    this.#deflated = (header.rsv & RSV1) !== 0;
    this.#isPartial = isContinuation;
    return wrong;
  }

  /** Bytes of the frame's payload, from `done` of it on. */
  add(header: FrameHeader, bytes: Uint8Array, start: number, end: number, done: number): void {
    // Then `done` is 0: the mask begins here.
    if (this.#bytes === 0 && end > start && !this.#isPartial && !this.#deflated)
      this.#firstByte = ((bytes[start] ?? 0) ^ (header.mask >>> 24)) & 0xff;
    this.#bytes += end - start;
    if (this.#isPartial || !(this.#wantsPayload || this.#deflated)) return;
    const length = end - start;
    if (this.#kept.length + length > MAX_MESSAGE_BYTES) this.lose(0);
    else if (header.mask === 0 && header.fin && length === header.payloadBytes && this.#kept.length === 0)
      this.#lying = bytes.subarray(start, end);
    else if (!this.#kept.add(bytes, start, end, header.mask, done, header.payloadBytes - done)) this.lose(0);
  }

  /** So many bytes of the frame's payload are missing. */
  lose(length: number): void {
    this.#bytes += length;
    this.#isPartial = true;
    this.#kept.clear();
  }

  /** The frame is over; the message, if it was its last. */
  finish(header: FrameHeader): WholeMessage | null {
    if (!header.fin) return null;
    this.#isOpen = false;
    const payload =
      this.#isPartial || !(this.#wantsPayload || this.#deflated) ? null : (this.#lying ?? this.#kept.take());
    if (!this.#deflated) return this.#told(payload, this.#bytes, null);
    if (payload === null) {
      this.#inflater.forget();
      return this.#told(null, this.#bytes, null);
    }
    const inflated = this.#inflater.inflate(payload);
    if ('why' in inflated) return this.#told(null, this.#bytes, inflated.why);
    return this.#told(inflated.bytes, inflated.bytes.length, null);
  }

  // Written out: copying the parts of an object takes longer than all else there is to do for a short message.
  #told(payload: Uint8Array | null, payloadBytes: number, why: string | null): WholeMessage {
    const message: WholeMessage = {
      protocol: 'websocket',
      type: this.#type,
      offset: this.#offset,
      payload,
      payloadBytes,
      fragments: this.#fragments,
      deflated: this.#deflated,
      firstByte: this.#firstByte,
      why,
    };
    this.#clear();
    return message;
  }

  /** Frames were lost, and nobody knows how many. */
  reset(): void {
    this.#clear();
    this.#isOpen = false;
    this.#inflater.forget();
  }

  #clear(): void {
    this.#kept.clear();
    this.#lying = null;
    this.#bytes = 0;
    this.#fragments = 0;
    this.#isPartial = false;
    this.#deflated = false;
    this.#firstByte = -1;
  }
}
