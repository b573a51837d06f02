import { z } from 'zod';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { Kind } from '../../../src/trace/event-kind.ts';
import { CreditWindow } from '../../sim/credit-window.ts';
import type { ActiveFault } from '../active-fault.ts';
import { pollFault } from '../fault-definition.ts';
import { bytes, flag } from '../fault-parameters.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

export const creditLeak = pollFault({
  name: 'credit-leak',
  summary: 'the padding of each frame counts against the window of its peer, is dropped, and is never given back',
  halves: ['read'],
  calls: 'frames',
  class: 'credit-leak',
  parameters: z.object({
    window: bytes(1024, 'its peer may have sent so many that were not given back'),
    padding: bytes(16, 'of each frame'),
    returned: flag('the padding is given back as well, as it should be'),
  }),
  wrap: (inner, fault, parameters) => new CreditLeakStream(inner, fault, parameters),
});

class CreditLeakStream extends HalfStream {
  readonly #window: CreditWindow;
  readonly #padding: number;
  readonly #returned: boolean;

  constructor(
    inner: PollStream,
    fault: ActiveFault,
    { window, padding, returned }: { window: number; padding: number; returned: boolean },
  ) {
    super(inner, fault);
    this.#window = new CreditWindow(window);
    this.#padding = padding;
    this.#returned = returned;
  }

  protected override transfer(...[cx, to, start, end, given]: Transfer): number {
    const window = this.#window;
    // The last frame for which there is room has nothing but padding.
    if (window.left <= this.#padding && !this.#returned) this.#drop(window.left);
    if (window.left === 0) {
      // Its peer would send if it were given credit, and then this half would be woken.
      cx.register();
      cx.note?.(Kind.CREDIT, 0, window.owed);
      return PENDING;
    }
    const most = Math.max(1, window.left - this.#padding);
    const n = this.pass(cx, to, start, Math.min(end, start + most), given);
    if (!(n > 0)) return n;
    window.arrive(n);
    this.#drop(Math.min(this.#padding, window.left));
    window.giveBack(n);
    cx.note?.(Kind.CREDIT, window.left, window.owed);
    return n;
  }

  /** So many bytes of padding have come. */
  #drop(bytes: number): void {
    if (!this.fault.fires()) return;
    this.#window.arrive(bytes);
    if (this.#returned) this.#window.giveBack(bytes);
    else this.#window.forget(bytes);
  }
}
