import { PENDING } from '../../../src/poll/pending.ts';
import { pollFault } from '../fault-definition.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

export const noEnd = pollFault({
  name: 'no-end',
  summary: 'the end never comes: who reads waits for ever',
  halves: ['read'],
  calls: 'reads of the end',
  class: 'half-close-linger',
  wrap: (inner, fault) => new NoEndStream(inner, fault),
});

class NoEndStream extends HalfStream {
  #isOver = false;

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    const n = this.pass(cx, bytes, start, end, given);
    if (n !== 0) return n;
    this.#isOver ||= this.fault.fires();
    if (!this.#isOver) return 0;
    cx.register();
    return PENDING;
  }
}
