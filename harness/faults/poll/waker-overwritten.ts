import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import type { ActiveFault } from '../active-fault.ts';
import { pollFault } from '../fault-definition.ts';
import { PassingStream } from './passing-stream.ts';
import { WakerContext } from './waker-context.ts';

/** One slot for two halves: whoever registers later pushes the other out. `half` is the one that is pushed out. */
export const wakerOverwritten = pollFault({
  name: 'waker-overwritten',
  summary: 'one slot for both halves: the half that registers later pushes the other out, which nobody wakes any more',
  halves: ['read', 'write'],
  defaultHalves: ['read'],
  calls: 'registrations of the other half while this one waits',
  class: 'waker-overwritten',
  wrap: (inner, fault) => new WakerOverwrittenStream(inner, fault),
});

class WakerOverwrittenStream extends PassingStream {
  readonly #victim = new WakerContext((waker) => {
    this.#victim.forget();
    waker.wake();
  });

  constructor(inner: PollStream, fault: ActiveFault) {
    super(inner, fault, { passesChunks: false });
  }

  override pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    if (this.fault.half === 'read') return super.pollRead(this.#victim.around(cx), bytes, start, end);
    return this.#intruded(super.pollRead(cx, bytes, start, end));
  }

  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    if (this.fault.half === 'write') return super.pollWrite(this.#victim.around(cx), bytes, start, end, given);
    return this.#intruded(super.pollWrite(cx, bytes, start, end, given));
  }

  override pollFlush(cx: Context): number {
    return this.#writing(cx, (context) => super.pollFlush(context));
  }

  override pollShutdown(cx: Context): number {
    return this.#writing(cx, (context) => super.pollShutdown(context));
  }

  #writing(cx: Context, call: (cx: Context) => number): number {
    return this.fault.half === 'write' ? call(this.#victim.around(cx)) : this.#intruded(call(cx));
  }

  /** The other half has registered. */
  #intruded(n: number): number {
    if (n === PENDING && this.#victim.isRegistered && this.fault.fires()) this.#victim.forget();
    return n;
  }
}
