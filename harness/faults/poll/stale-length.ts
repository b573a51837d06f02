import { pollFault } from '../fault-definition.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

export const staleLength = pollFault({
  name: 'stale-length',
  summary: 'a write reports the length of the slice that it was offered the time before',
  halves: ['write'],
  calls: 'writes that took bytes, of another length than the slice before',
  class: 'retry-shrunk',
  wrap: (inner, fault) => new StaleLengthStream(inner, fault),
});

class StaleLengthStream extends HalfStream {
  #offered: number | null = null;

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    const earlier = this.#offered;
    this.#offered = end - start;
    const n = this.pass(cx, bytes, start, end, given);
    return n > 0 && earlier !== null && earlier !== n && this.fault.fires() ? earlier : n;
  }
}
