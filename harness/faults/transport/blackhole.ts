import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { transportFault } from '../fault-definition.ts';
import { HalfStream, type Transfer } from '../poll/half-stream.ts';
import { WakeSlot } from '../../../src/streams/wake-slot.ts';

/** So many reads are thrown away in one poll at the most; the event loop turns between. */
const MAX_READS_PER_POLL = 64;

export const blackhole = transportFault({
  name: 'blackhole',
  summary: 'bytes towards this side (read: from it) are taken and thrown away, their end too',
  halves: ['write', 'read'],
  defaultHalves: ['write'],
  calls: 'reads or writes',
  class: 'dead-peer',
  wrap: (inner, fault) => new BlackholeStream(inner, fault),
});

class BlackholeStream extends HalfStream {
  readonly #slot = new WakeSlot();
  #isOpen = false;

  protected override transfer(...call: Transfer): number {
    const [, , start, end] = call;
    if (!this.#swallows(this.reached(start, end))) return this.pass(...call);
    return this.fault.half === 'write' ? end - start : this.#drain(...call);
  }

  override pollFlush(cx: Context): number {
    return this.#isOpen && this.fault.half === 'write' ? 0 : super.pollFlush(cx);
  }

  override pollShutdown(cx: Context): number {
    return this.fault.half === 'write' && this.#swallows(0) ? 0 : super.pollShutdown(cx);
  }

  #swallows(bytes: number): boolean {
    this.#isOpen ||= this.fault.fires(bytes);
    return this.#isOpen;
  }

  #drain(...call: Transfer): number {
    const [cx] = call;
    for (let reads = 0; reads < MAX_READS_PER_POLL; reads += 1) {
      const n = this.pass(...call);
      if (n === PENDING) return PENDING;
      // The end is thrown away, too.
      if (n === 0) return this.#slot.wait(cx);
    }
    cx.register().wake();
    return PENDING;
  }
}
