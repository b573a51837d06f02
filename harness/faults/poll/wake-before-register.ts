import type { PollStream } from '../../../src/poll/poll-stream.ts';
import type { ActiveFault } from '../active-fault.ts';
import { pollFault } from '../fault-definition.ts';
import { HalfStream, type Transfer } from './half-stream.ts';
import { WakerContext } from './waker-context.ts';

/** The stream looks, finds nothing, and registers; what came in between has woken nobody, and does not come again. */
export const wakeBeforeRegister = pollFault({
  name: 'wake-before-register',
  summary: 'the wake comes a moment before the registration, and reaches nobody',
  halves: ['read', 'write'],
  calls: 'wakes',
  class: 'readiness-lost',
  wrap: (inner, fault) => new WakeBeforeRegisterStream(inner, fault),
});

class WakeBeforeRegisterStream extends HalfStream {
  readonly #context: WakerContext;

  constructor(inner: PollStream, fault: ActiveFault) {
    super(inner, fault);
    this.#context = new WakerContext((waker) => {
      if (!fault.fires()) waker.wake();
    });
  }

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    return this.pass(this.#context.around(cx), bytes, start, end, given);
  }
}
