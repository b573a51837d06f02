import { z } from 'zod';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { WakeSlot } from '../../../src/streams/wake-slot.ts';
import type { ActiveFault } from '../active-fault.ts';
import { pollFault } from '../fault-definition.ts';
import { milliseconds } from '../fault-parameters.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

export const late = pollFault({
  name: 'late',
  summary: 'a read or a write is Pending for a while before it is done',
  halves: ['read', 'write'],
  calls: 'calls, without those that find it still late',
  benign: true,
  parameters: z.object({ ms: milliseconds(1, 'for so many milliseconds') }),
  wrap: (inner, fault, { ms }) => new LateStream(inner, fault, ms),
});

class LateStream extends HalfStream {
  readonly #ms: number;
  readonly #slot = new WakeSlot();
  /** `due`: it has been late, and the next call goes through. */
  #state: 'open' | 'late' | 'due' = 'open';
  #cancel: () => void = () => undefined;

  constructor(inner: PollStream, fault: ActiveFault, ms: number) {
    super(inner, fault);
    this.#ms = ms;
  }

  /** Nobody asks any more: what is late would keep the stream until then. */
  override abort = (reason: Error): void => {
    this.#cancel();
    this.inner.abort?.(reason);
  };

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    if (this.#state === 'open' && this.fault.fires(this.reached(start, end))) {
      this.#state = 'late';
      this.#cancel = this.fault.context.clock.after(this.#ms, () => {
        this.#state = 'due';
        this.#slot.wake();
      });
    }
    if (this.#state === 'late') return this.#slot.wait(cx);
    const n = this.pass(cx, bytes, start, end, given);
    // A call that is Pending anyway is still to be done.
    if (n !== PENDING) this.#state = 'open';
    return n;
  }
}
