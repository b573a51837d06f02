import { pollFault } from '../fault-definition.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

export const utf16Length = pollFault({
  name: 'utf16-length',
  summary: 'a write reports the length of its bytes as a text in UTF-16: less than was taken, where they are not ASCII',
  halves: ['write'],
  calls: 'writes of which the two lengths differ',
  class: 'under-report',
  wrap: (inner, fault) => new Utf16LengthStream(inner, fault),
});

class Utf16LengthStream extends HalfStream {
  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    // Looked at before: what is given away is not ours to read afterwards.
    const slice = Buffer.from(bytes.subarray(start, end));
    const n = this.pass(cx, bytes, start, end, given);
    if (!(n > 0)) return n;
    const { length } = slice.toString('utf8', 0, n);
    return length !== n && this.fault.fires() ? length : n;
  }
}
