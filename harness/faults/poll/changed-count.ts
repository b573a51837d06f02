import type { PollStream } from '../../../src/poll/poll-stream.ts';
import type { ActiveFault } from '../active-fault.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

/**
 * A stream that does what it is asked and reports something else: `change` makes it of the true count, which is at least 1.
 * What it makes need not be a number: that is the fault.
 */
export function changedCount(inner: PollStream, fault: ActiveFault, change: (n: number) => unknown): PollStream {
  return new ChangedCountStream(inner, fault, change);
}

class ChangedCountStream extends HalfStream {
  readonly #change: (n: number) => unknown;

  constructor(inner: PollStream, fault: ActiveFault, change: (n: number) => unknown) {
    super(inner, fault);
    this.#change = change;
  }

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    const n = this.pass(cx, bytes, start, end, given);
    // Whoever calls takes it for a number, as a program in JavaScript would.
    return n > 0 && this.fault.fires() ? (this.#change(n) as number) : n;
  }
}
