import { pollFault } from '../fault-definition.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

export const emptyRead = pollFault({
  name: 'empty-read',
  summary: 'a read of nothing that is not the end: an empty message passed on as it is',
  halves: ['read'],
  calls: 'reads',
  class: 'false-eof',
  wrap: (inner, fault) => new EmptyReadStream(inner, fault),
});

class EmptyReadStream extends HalfStream {
  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    return this.fault.fires(this.reached(start, end)) ? 0 : this.pass(cx, bytes, start, end, given);
  }
}
