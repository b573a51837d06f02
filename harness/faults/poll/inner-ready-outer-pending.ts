import { PENDING } from '../../../src/poll/pending.ts';
import { pollFault } from '../fault-definition.ts';
import { HalfStream, type Transfer } from './half-stream.ts';
import { HeldBytes } from './held-bytes.ts';

/** Nothing is lost: who asks again gets what was there the first time. But nobody will ask, for nobody was registered. */
export const innerReadyOuterPending = pollFault({
  name: 'inner-ready-outer-pending',
  summary: 'the stream below has moved bytes, so that it registered nobody, and Pending is returned all the same',
  halves: ['read', 'write'],
  calls: 'calls that moved bytes',
  class: 'inner-ready-outer-pending',
  wrap: (inner, fault) => new InnerReadyOuterPendingStream(inner, fault),
});

class InnerReadyOuterPendingStream extends HalfStream {
  readonly #read = new HeldBytes();
  #written = 0;

  protected override transfer(...[cx, bytes, start, end]: Transfer): number {
    if (this.#read.length > 0) return this.#read.take(bytes, start, end);
    if (this.#written > 0) {
      const before = this.#written;
      this.#written = 0;
      return before;
    }
    // Lent, even if it was given away: the copy offers it again.
    const n = this.pass(cx, bytes, start, end, false);
    if (!(n > 0) || !this.fault.fires()) return n;
    if (this.fault.half === 'read') this.#read.add(bytes, start, start + n);
    else this.#written = n;
    return PENDING;
  }
}
