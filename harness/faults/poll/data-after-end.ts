import { z } from 'zod';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import type { ActiveFault } from '../active-fault.ts';
import { pollFault } from '../fault-definition.ts';
import { bytes } from '../fault-parameters.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

const FILLING = 0x21;

/** Benign, because nobody may read after the end: a copy that does passes on bytes that nobody sent. */
export const dataAfterEnd = pollFault({
  name: 'data-after-end',
  summary: 'who reads on after the end gets bytes',
  halves: ['read'],
  calls: 'reads of the end',
  benign: true,
  class: 'read-after-eof',
  parameters: z.object({ bytes: bytes(5, 'so many, all of them "!"') }),
  wrap: (inner, fault, parameters) => new DataAfterEndStream(inner, fault, parameters.bytes),
});

class DataAfterEndStream extends HalfStream {
  #left = 0;
  readonly #more: number;

  constructor(inner: PollStream, fault: ActiveFault, more: number) {
    super(inner, fault);
    this.#more = more;
  }

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    if (this.#left > 0) {
      const n = Math.min(this.#left, end - start);
      bytes.fill(FILLING, start, start + n);
      this.#left -= n;
      return n;
    }
    const n = this.pass(cx, bytes, start, end, given);
    if (n === 0 && end > start && this.fault.fires()) {
      this.#left = this.#more;
      cx.register().wake();
    }
    return n;
  }
}
