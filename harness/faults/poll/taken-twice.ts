import { pollFault } from '../fault-definition.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

export const takenTwice = pollFault({
  name: 'taken-twice',
  summary: 'a write takes its bytes twice',
  halves: ['write'],
  calls: 'writes that took bytes',
  class: 'under-report',
  wrap: (inner, fault) => new TakenTwiceStream(inner, fault),
});

class TakenTwiceStream extends HalfStream {
  protected override transfer(...[cx, bytes, start, end]: Transfer): number {
    // Lent, even if it was given away: it is needed once more.
    const n = this.pass(cx, bytes, start, end, false);
    if (n > 0 && this.fault.fires()) this.pass(cx, bytes, start, start + n, false);
    return n;
  }
}
