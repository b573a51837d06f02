import { z } from 'zod';
import type { Context, Waker } from '../../../src/poll/context.ts';
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
  parameters: z.object({
    told: z.boolean({ error: 'true or false' }).default(false).describe('both halves say that they use slot 1'),
  }),
  wrap: (inner, fault, { told }) => new WakerOverwrittenStream(inner, fault, told),
});

class WakerOverwrittenStream extends PassingStream {
  readonly #victim: WakerContext;
  /** Of the half that pushes the other out; null: the stream's own context does. */
  readonly #intruder: WakerContext | null;

  constructor(inner: PollStream, fault: ActiveFault, told: boolean) {
    super(inner, fault, { passesChunks: false });
    const slot = told ? 1 : undefined;
    this.#victim = new WakerContext((waker) => {
      this.#victim.forget();
      waker.wake();
    }, slot);
    const passOn = (waker: Waker): void => {
      waker.wake();
    };
    this.#intruder = told ? new WakerContext(passOn, slot) : null;
  }

  override pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    if (this.fault.half === 'read') return super.pollRead(this.#victim.around(cx), bytes, start, end);
    return this.#intruded(super.pollRead(this.#intruding(cx), bytes, start, end));
  }

  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    if (this.fault.half === 'write') return super.pollWrite(this.#victim.around(cx), bytes, start, end, given);
    return this.#intruded(super.pollWrite(this.#intruding(cx), bytes, start, end, given));
  }

  override pollFlush(cx: Context): number {
    return this.#writing(cx, (context) => super.pollFlush(context));
  }

  override pollShutdown(cx: Context): number {
    return this.#writing(cx, (context) => super.pollShutdown(context));
  }

  #writing(cx: Context, call: (cx: Context) => number): number {
    return this.fault.half === 'write' ? call(this.#victim.around(cx)) : this.#intruded(call(this.#intruding(cx)));
  }

  #intruding(cx: Context): Context {
    return this.#intruder === null ? cx : this.#intruder.around(cx);
  }

  /** The other half has registered. */
  #intruded(n: number): number {
    if (n === PENDING && this.#victim.isRegistered && this.fault.fires()) this.#victim.forget();
    return n;
  }
}
