import { z } from 'zod';
import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { WakeSlot } from '../../../src/streams/wake-slot.ts';
import type { ActiveFault } from '../active-fault.ts';
import { pollFault } from '../fault-definition.ts';
import { milliseconds } from '../fault-parameters.ts';
import { PassingStream } from './passing-stream.ts';

export const shutdownBeginsAnew = pollFault({
  name: 'shutdown-begins-anew',
  summary: 'each poll of a shutdown begins it anew, so that it never ends',
  halves: ['write'],
  calls: 'shutdowns',
  class: 'shutdown-not-idempotent',
  parameters: z.object({ ms: milliseconds(1, 'how long a shutdown takes') }),
  wrap: (inner, fault, { ms }) => new ShutdownBeginsAnewStream(inner, fault, ms),
});

class ShutdownBeginsAnewStream extends PassingStream {
  readonly #ms: number;
  readonly #slot = new WakeSlot();
  #cancel: () => void = () => undefined;

  constructor(inner: PollStream, fault: ActiveFault, ms: number) {
    super(inner, fault);
    this.#ms = ms;
  }

  /** Nobody asks any more. */
  override abort = (reason: Error): void => {
    this.#cancel();
    this.inner.abort?.(reason);
  };

  override pollShutdown(cx: Context): number {
    const result = super.pollShutdown(cx);
    if (result === PENDING || !this.fault.fires()) return result;
    this.#cancel();
    this.#cancel = this.fault.context.clock.after(this.#ms, () => {
      this.#slot.wake();
    });
    return this.#slot.wait(cx);
  }
}
