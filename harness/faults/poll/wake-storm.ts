import { PENDING } from '../../../src/poll/pending.ts';
import { pollFault } from '../fault-definition.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

export const wakeStorm = pollFault({
  name: 'wake-storm',
  summary: 'each Pending wakes itself at once: polls without end, and no byte moves',
  halves: ['read', 'write'],
  calls: 'calls that return Pending',
  class: 'self-wake-storm',
  wrap: (inner, fault) => new WakeStormStream(inner, fault),
});

class WakeStormStream extends HalfStream {
  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    const n = this.pass(cx, bytes, start, end, given);
    if (n === PENDING && this.fault.fires()) cx.register().wake();
    return n;
  }
}
