import { pollFault } from '../fault-definition.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

export const endTwice = pollFault({
  name: 'end-twice',
  summary: 'the end is announced again after it was read',
  halves: ['read'],
  calls: 'reads of the end',
  benign: true,
  wrap: (inner, fault) => new EndTwiceStream(inner, fault),
});

class EndTwiceStream extends HalfStream {
  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    const n = this.pass(cx, bytes, start, end, given);
    if (n === 0 && this.fault.fires()) cx.register().wake();
    return n;
  }
}
