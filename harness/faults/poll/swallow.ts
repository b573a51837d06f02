import { pollFault } from '../fault-definition.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

export const swallow = pollFault({
  name: 'swallow',
  summary: 'a write reports all as taken, and drops it',
  halves: ['write'],
  calls: 'writes',
  class: 'partial-over-report',
  wrap: (inner, fault) => new SwallowStream(inner, fault),
});

class SwallowStream extends HalfStream {
  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    return this.fault.fires(end - start) ? end - start : this.pass(cx, bytes, start, end, given);
  }
}
