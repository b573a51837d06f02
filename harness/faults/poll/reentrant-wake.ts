import { pollFault } from '../fault-definition.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

/**
 * A stream wakes before it has returned, which it may; an executor that then polls at once, within the call, may not.
 * `FaultContext.pollNow` is such an executor; without one the wake is only early.
 */
export const reentrantWake = pollFault({
  name: 'reentrant-wake',
  summary: 'wakes from within the call, and whoever is woken polls there and then',
  halves: ['read', 'write'],
  calls: 'calls that moved bytes',
  wrap: (inner, fault) => new ReentrantWakeStream(inner, fault),
});

class ReentrantWakeStream extends HalfStream {
  #isInside = false;

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    const n = this.pass(cx, bytes, start, end, given);
    if (this.#isInside || !(n > 0) || !this.fault.fires()) return n;
    this.#isInside = true;
    try {
      cx.register().wake();
      this.fault.context.pollNow?.();
    } finally {
      this.#isInside = false;
    }
    return n;
  }
}
