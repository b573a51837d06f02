import { PENDING } from '../../../src/poll/pending.ts';
import { pollFault } from '../fault-definition.ts';
import { HalfStream, type Transfer } from './half-stream.ts';
import { HeldBytes } from './held-bytes.ts';

/** An encoder that has made its message of the first slice sends that, and reports the length of the second. */
export const retryGrown = pollFault({
  name: 'retry-grown',
  summary:
    'a write is Pending, sends what it was offered then, and reports the slice of the retry, which may have grown',
  halves: ['write'],
  calls: 'writes, without retries',
  class: 'retry-grown',
  wrap: (inner, fault) => new RetryGrownStream(inner, fault),
});

class RetryGrownStream extends HalfStream {
  readonly #held = new HeldBytes();
  #isRetry = false;

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    if (this.#isRetry) {
      if (this.#held.passOn(this.inner, cx) === PENDING) return PENDING;
      this.#isRetry = false;
      return end - start;
    }
    if (!this.fault.fires(end - start)) return this.pass(cx, bytes, start, end, given);
    this.#held.add(bytes, start, end);
    this.#isRetry = true;
    cx.register().wake();
    return PENDING;
  }
}
