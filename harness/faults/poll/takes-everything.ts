import { z } from 'zod';
import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { Kind } from '../../../src/trace/event-kind.ts';
import type { ActiveFault } from '../active-fault.ts';
import { pollFault } from '../fault-definition.ts';
import { bytes, flag } from '../fault-parameters.ts';
import { HeldBytes, MAX_HELD_BYTES } from './held-bytes.ts';
import { PassingStream } from './passing-stream.ts';

export const takesEverything = pollFault({
  name: 'takes-everything',
  summary: 'a write is never Pending: what the stream below does not take lies in memory',
  halves: ['write'],
  calls: 'writes',
  class: 'no-backpressure',
  parameters: z.object({
    mark: bytes(16_384, 'from so many bytes on it should wait'),
    waits: flag('it does wait, as it should'),
  }),
  wrap: (inner, fault, { mark, waits }) => new TakesEverythingStream(inner, fault, { mark, waits }),
});

class TakesEverythingStream extends PassingStream {
  readonly #held = new HeldBytes();
  readonly #mark: number;
  readonly #waits: boolean;
  #isShutDown = false;

  constructor(inner: PollStream, fault: ActiveFault, { mark, waits }: { mark: number; waits: boolean }) {
    super(inner, fault);
    this.#mark = mark;
    this.#waits = waits;
  }

  override pollWrite(cx: Context, from: Uint8Array, start: number, end: number, given: boolean): number {
    // What it held now would never be passed on: the stream beneath refuses it.
    if (this.#isShutDown) return super.pollWrite(cx, from, start, end, given);
    const isStuck = this.#held.passOn(this.inner, cx) === PENDING;
    if (isStuck && this.#isFull(this.#waits ? this.#mark : MAX_HELD_BYTES)) {
      cx.note?.(Kind.QUEUE, this.#held.length, this.#mark);
      return PENDING;
    }
    if (!this.fault.fires(end - start) && !isStuck) return super.pollWrite(cx, from, start, end, given);
    const n = this.#held.add(from, start, end);
    this.#held.passOn(this.inner, cx);
    if (this.#isFull(this.#mark)) cx.note?.(Kind.QUEUE, this.#held.length, this.#mark);
    this.fault.pass(n);
    return n;
  }

  override pollFlush(cx: Context): number {
    return this.#held.passOn(this.inner, cx) === PENDING ? PENDING : super.pollFlush(cx);
  }

  override pollShutdown(cx: Context): number {
    if (this.#held.passOn(this.inner, cx) === PENDING) return PENDING;
    this.#isShutDown = true;
    return super.pollShutdown(cx);
  }

  #isFull(most: number): boolean {
    return this.#held.length >= most;
  }
}
