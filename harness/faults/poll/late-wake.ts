import { z } from 'zod';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import type { ActiveFault } from '../active-fault.ts';
import { pollFault } from '../fault-definition.ts';
import { milliseconds } from '../fault-parameters.ts';
import { HalfStream, type Transfer } from './half-stream.ts';
import { WakerContext } from './waker-context.ts';

export const lateWake = pollFault({
  name: 'late-wake',
  summary: 'who waits is woken late',
  halves: ['read', 'write'],
  calls: 'wakes',
  benign: true,
  parameters: z.object({ ms: milliseconds(1, 'late by so many milliseconds') }),
  wrap: (inner, fault, { ms }) => new LateWakeStream(inner, fault, ms),
});

class LateWakeStream extends HalfStream {
  readonly #context: WakerContext;

  constructor(inner: PollStream, fault: ActiveFault, ms: number) {
    super(inner, fault);
    this.#context = new WakerContext((waker) => {
      if (!fault.fires()) waker.wake();
      else {
        fault.context.clock.after(ms, () => {
          waker.wake();
        });
      }
    });
  }

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    return this.pass(this.#context.around(cx), bytes, start, end, given);
  }
}
