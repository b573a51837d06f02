import { z } from 'zod';
import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { WakeSlot } from '../../../src/streams/wake-slot.ts';
import type { ActiveFault } from '../active-fault.ts';
import { pollFault } from '../fault-definition.ts';
import { milliseconds, oneOf } from '../fault-parameters.ts';
import { HoldingStream } from './holding-stream.ts';

/** A writer whose flush takes two steps: it makes a frame of what it holds, and sends that, with a wait before or after. */
export const flushNotResumed = pollFault({
  name: 'flush-not-resumed',
  summary: 'a write between two polls of a flush forgets what the flush was at, or has it sent again',
  halves: ['write'],
  calls: 'writes while a flush is under way',
  class: 'flush-abandoned',
  parameters: z.object({
    how: oneOf(['lost', 'doubled']).default('lost').describe('what becomes of what was being flushed'),
    ms: milliseconds(1, 'how long a flush takes'),
  }),
  wrap: (inner, fault, { how, ms }) => new FlushNotResumedStream(inner, fault, how === 'doubled', ms),
});

class FlushNotResumedStream extends HoldingStream {
  readonly #isDoubled: boolean;
  readonly #ms: number;
  readonly #slot = new WakeSlot();
  /** Where the flush under way stands; `idle`: there is none. */
  #step: 'idle' | 'waiting' | 'waited' = 'idle';
  #cancel: () => void = () => undefined;
  /** What it has sent, as long as it waits for that to be through. */
  #sent = new Uint8Array(0);

  constructor(inner: PollStream, fault: ActiveFault, isDoubled: boolean, ms: number) {
    super(inner, fault);
    this.#isDoubled = isDoubled;
    this.#ms = ms;
  }

  /** Nobody asks any more. */
  override abort = (reason: Error): void => {
    this.#cancel();
    this.inner.abort?.(reason);
  };

  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    if (this.#step !== 'idle' && this.fault.fires(end - start)) {
      this.#cancel();
      this.#step = 'idle';
      if (this.#isDoubled) this.held.add(this.#sent, 0, this.#sent.length);
      else this.held.clear();
    }
    return super.pollWrite(cx, bytes, start, end, given);
  }

  override pollFlush(cx: Context): number {
    if (this.#settle(cx) === PENDING) return this.told(cx, PENDING);
    return super.pollFlush(cx);
  }

  override pollShutdown(cx: Context): number {
    if (this.#settle(cx) === PENDING) return this.told(cx, PENDING);
    return super.pollShutdown(cx);
  }

  /** 0 once the wait of the flush under way is over. */
  #settle(cx: Context): number {
    if (this.#step === 'waited' || (this.#step === 'idle' && this.held.length === 0)) {
      this.#step = 'idle';
      return 0;
    }
    if (this.#step === 'idle') {
      if (this.#isDoubled && this.#send(cx) === PENDING) return PENDING;
      this.#step = 'waiting';
      this.#cancel = this.fault.context.clock.after(this.#ms, () => {
        this.#step = 'waited';
        this.#slot.wake();
      });
    }
    return this.#slot.wait(cx);
  }

  /** Sends what is held, and remembers it. */
  #send(cx: Context): number {
    this.#sent = this.held.copy();
    return this.held.passOn(this.inner, cx);
  }
}
