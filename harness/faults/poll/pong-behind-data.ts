import { z } from 'zod';
import type { Context } from '../../../src/poll/context.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { READER_SLOT, WakeSlot, WRITER_SLOT } from '../../../src/streams/wake-slot.ts';
import { Kind } from '../../../src/trace/event-kind.ts';
import type { ActiveFault } from '../active-fault.ts';
import { pollFault } from '../fault-definition.ts';
import { bytes, flag } from '../fault-parameters.ts';
import { PassingStream } from './passing-stream.ts';

export const pongBehindData = pollFault({
  name: 'pong-behind-data',
  summary: 'a ping comes, and nothing more is read until its pong has a place in a queue that is full of data',
  halves: ['read'],
  calls: 'reads',
  class: 'control-frame-coupling',
  parameters: z.object({
    room: bytes(64, 'of the queue of what is to be sent, which its peer empties only once it has been read'),
    apart: flag('the pong has a place of its own, as it should'),
  }),
  wrap: (inner, fault, { room, apart }) => new PongBehindDataStream(inner, fault, { room, apart }),
});

/** Its peer is in the middle of sending, a ping first: until that is read, it takes no more than fits on the way. */
class PongBehindDataStream extends PassingStream {
  readonly #room: number;
  readonly #apart: boolean;
  readonly #reader = new WakeSlot(READER_SLOT);
  readonly #writer = new WakeSlot(WRITER_SLOT);
  #queued = 0;
  #hasPing = false;
  #isAnswered = false;

  constructor(inner: PollStream, fault: ActiveFault, { room, apart }: { room: number; apart: boolean }) {
    super(inner, fault);
    this.#room = room;
    this.#apart = apart;
  }

  override pollRead(cx: Context, to: Uint8Array, start: number, end: number): number {
    if (!this.#hasPing && !this.#isAnswered) this.#hasPing = this.fault.fires(1);
    if (this.#hasPing) {
      if (this.#queued >= this.#room && !this.#apart) {
        cx.note?.(Kind.BLOCKED, OTHER_HALF, 0);
        return this.#reader.wait(cx);
      }
      this.#hasPing = false;
      this.#isAnswered = true;
      this.#writer.wake();
    }
    return super.pollRead(cx, to, start, end);
  }

  override pollWrite(cx: Context, from: Uint8Array, start: number, end: number, given: boolean): number {
    if (this.#isAnswered) return super.pollWrite(cx, from, start, end, given);
    const room = this.#room - this.#queued;
    if (room <= 0) {
      cx.note?.(Kind.QUEUE, this.#queued, this.#room);
      return this.#writer.wait(cx);
    }
    const n = super.pollWrite(cx, from, start, Math.min(end, start + room), given);
    if (n > 0) this.#queued += n;
    return n;
  }
}

/** What a `blocked` event says that a half waits for. */
const OTHER_HALF = 1;
