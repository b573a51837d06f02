import { z } from 'zod';
import { pollFault } from '../fault-definition.ts';
import { bytes } from '../fault-parameters.ts';
import { HalfStream, type Transfer } from './half-stream.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import type { ActiveFault } from '../active-fault.ts';

export const short = pollFault({
  name: 'short',
  summary: 'a read or a write moves only a few bytes',
  halves: ['read', 'write'],
  calls: 'calls',
  benign: true,
  parameters: z.object({ bytes: bytes(1, 'at most so many at once') }),
  wrap: (inner, fault, parameters) => new ShortStream(inner, fault, parameters.bytes),
});

class ShortStream extends HalfStream {
  readonly #most: number;

  constructor(inner: PollStream, fault: ActiveFault, most: number) {
    super(inner, fault);
    this.#most = most;
  }

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    const isShort = end - start > this.#most && this.fault.fires(this.reached(start, start + this.#most));
    return this.pass(cx, bytes, start, isShort ? start + this.#most : end, given);
  }
}
