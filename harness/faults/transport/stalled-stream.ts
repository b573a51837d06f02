import type { Context } from '../../../src/poll/context.ts';
import { WakeSlot } from '../../../src/streams/wake-slot.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import type { ActiveFault } from '../active-fault.ts';
import type { FaultyLink } from '../fault-definition.ts';
import { HalfStream, type Transfer } from '../poll/half-stream.ts';

/** A stream one half of which stops: Pending from when its fault fires, for ever or for the entry's `forMs`. */
export class StalledStream extends HalfStream {
  readonly #link: FaultyLink;
  readonly #slot = new WakeSlot();
  #state: 'flows' | 'stalled' | 'over' = 'flows';

  constructor(inner: PollStream, fault: ActiveFault, link: FaultyLink) {
    super(inner, fault);
    this.#link = link;
  }

  protected override transfer(...call: Transfer): number {
    const [cx, , start, end] = call;
    return this.#isStalled(this.reached(start, end)) ? this.#slot.wait(cx) : this.pass(...call);
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
        const cancel = this.fault.context.clock.after(forMs, () => {
          this.#state = 'over';
          this.#slot.wake();
        });
        this.#link.whenOver(cancel);
      }
    }
    return this.#state === 'stalled';
  }
}
