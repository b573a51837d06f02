import { pollFault } from '../fault-definition.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

export const zeroWrite = pollFault({
  name: 'zero-write',
  summary: 'a write takes nothing, and says so instead of waiting',
  halves: ['write'],
  calls: 'writes',
  class: 'zero-write',
  wrap: (inner, fault) => new ZeroWriteStream(inner, fault),
});

class ZeroWriteStream extends HalfStream {
  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    return this.fault.fires(end - start) ? 0 : this.pass(cx, bytes, start, end, given);
  }
}
