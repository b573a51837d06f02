import { pollFault } from '../fault-definition.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

export const noRoom = pollFault({
  name: 'no-room',
  summary: 'the adapter reads into a buffer without room, and takes the 0 that it gets for the end',
  halves: ['read'],
  calls: 'reads',
  class: 'zero-capacity',
  wrap: (inner, fault) => new NoRoomStream(inner, fault),
});

class NoRoomStream extends HalfStream {
  #hasEnded = false;

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    if (this.#hasEnded) return 0;
    if (!this.fault.fires(this.reached(start, end))) return this.pass(cx, bytes, start, end, given);
    const n = this.pass(cx, bytes, start, start, given);
    this.#hasEnded = n === 0;
    return n;
  }
}
