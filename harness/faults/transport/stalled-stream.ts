import type { Context } from '../../../src/poll/context.ts';
import { WakeSlot } from '../../../src/streams/wake-slot.ts';
import { HalfStream, type Transfer } from '../poll/half-stream.ts';

/** A stream one half of which stops: Pending from when its fault fires, for ever or for the entry's `forMs`. */
export class StalledStream extends HalfStream {
  readonly #slot = new WakeSlot();
  #state: 'flows' | 'stalled' | 'over' = 'flows';

  protected override transfer(...call: Transfer): number {
    const [cx, , start, end] = call;
    return this.#isStalled(end - start) ? this.#slot.wait(cx) : this.pass(...call);
  }

  override pollShutdown(cx: Context): number {
    if (this.fault.half === 'write' && this.#isStalled(0)) return this.#slot.wait(cx);
    return super.pollShutdown(cx);
  }

  #isStalled(bytes: number): boolean {
    if (this.#state === 'flows' && this.fault.fires(bytes)) {
      this.#state = 'stalled';
      const { forMs } = this.fault.entry;
      if (forMs !== undefined) {
        this.fault.context.clock.after(forMs, () => {
          this.#state = 'over';
          this.#slot.wake();
        });
      }
    }
    return this.#state === 'stalled';
  }
}
