import { PENDING } from '../../../src/poll/pending.ts';
import { pollFault } from '../fault-definition.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

export const pendingWithoutWaker = pollFault({
  name: 'pending-without-waker',
  summary: 'Pending, and nobody has been told whom to wake',
  halves: ['read', 'write'],
  calls: 'calls',
  class: 'pending-without-waker',
  wrap: (inner, fault) => new PendingWithoutWaker(inner, fault),
});

class PendingWithoutWaker extends HalfStream {
  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    return this.fault.fires(this.reached(start, end)) ? PENDING : this.pass(cx, bytes, start, end, given);
  }
}
