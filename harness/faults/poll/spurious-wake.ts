import { PENDING } from '../../../src/poll/pending.ts';
import { pollFault } from '../fault-definition.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

/** Once for each time that bytes have moved: without that bound two halves would keep each other awake for ever. */
export const spuriousWake = pollFault({
  name: 'spurious-wake',
  summary: 'a half that waits is woken for nothing',
  halves: ['read', 'write'],
  calls: 'first calls that return Pending since bytes moved',
  benign: true,
  wrap: (inner, fault) => new SpuriousWakeStream(inner, fault),
});

class SpuriousWakeStream extends HalfStream {
  #hasMoved = true;

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    const n = this.pass(cx, bytes, start, end, given);
    if (n === PENDING && this.#hasMoved && this.fault.fires()) {
      this.#hasMoved = false;
      cx.register().wake();
    } else if (n > 0) this.#hasMoved = true;
    return n;
  }
}
