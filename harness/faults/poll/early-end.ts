import { pollFault } from '../fault-definition.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

export const earlyEnd = pollFault({
  name: 'early-end',
  summary: 'the end comes before the last byte, and stays',
  halves: ['read'],
  calls: 'reads',
  class: 'false-eof',
  wrap: (inner, fault) => new EarlyEndStream(inner, fault),
});

class EarlyEndStream extends HalfStream {
  #hasEnded = false;

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    this.#hasEnded ||= this.fault.fires(this.reached(start, end));
    return this.#hasEnded ? 0 : this.pass(cx, bytes, start, end, given);
  }
}
