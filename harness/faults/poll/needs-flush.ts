import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { WakeSlot } from '../../../src/streams/wake-slot.ts';
import { pollFault } from '../fault-definition.ts';
import { PassingStream } from './passing-stream.ts';

export const needsFlush = pollFault({
  name: 'needs-flush',
  summary: 'takes no more until what it has taken is flushed',
  halves: ['write'],
  calls: 'writes after a write, without a flush between',
  class: 'needs-flush-to-accept',
  wrap: (inner, fault) => new NeedsFlushStream(inner, fault),
});

class NeedsFlushStream extends PassingStream {
  readonly #slot = new WakeSlot();
  #isDirty = false;

  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    if (this.#isDirty && this.fault.fires(end - start)) return this.#slot.wait(cx);
    const n = super.pollWrite(cx, bytes, start, end, given);
    if (n > 0) this.#isDirty = true;
    return n;
  }

  override pollFlush(cx: Context): number {
    const result = super.pollFlush(cx);
    if (result !== PENDING) {
      this.#isDirty = false;
      this.#slot.wake();
    }
    return result;
  }
}
