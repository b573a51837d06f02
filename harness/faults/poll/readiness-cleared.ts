import { z } from 'zod';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { EdgeReadiness } from '../../sim/edge-readiness.ts';
import type { ActiveFault } from '../active-fault.ts';
import { pollFault } from '../fault-definition.ts';
import { milliseconds } from '../fault-parameters.ts';
import { HalfStream, type Transfer } from './half-stream.ts';
import { WakerContext } from './waker-context.ts';

/**
 * A socket over a driver with edges. The thread stops between the operation that has found nothing and the clearing of the
 * flag; what comes meanwhile is an edge, and there will be no other. `ticks` is the cure: only what was seen is cleared.
 */
export const readinessCleared = pollFault({
  name: 'readiness-cleared',
  summary:
    'readiness that comes between a look and the clearing of its flag is cleared with it, and does not come again',
  halves: ['read', 'write'],
  calls: 'calls that find nothing',
  class: 'readiness-lost',
  parameters: z.object({
    ms: milliseconds(1, 'from the look to the clearing'),
    ticks: z.boolean({ error: 'true or false' }).default(false).describe('only what was seen is cleared'),
  }),
  wrap: (inner, fault, parameters) => new ReadinessClearedStream(inner, fault, parameters),
});

class ReadinessClearedStream extends HalfStream {
  readonly #readiness = new EdgeReadiness();
  readonly #ms: number;
  readonly #ticks: boolean;
  /** Between the look and the clearing, where nobody is registered with the driver yet. */
  #isStopped = false;
  readonly #context = new WakerContext((waker) => {
    this.#readiness.edge();
    if (!this.#isStopped) waker.wake();
  });

  constructor(inner: PollStream, fault: ActiveFault, { ms, ticks }: { ms: number; ticks: boolean }) {
    super(inner, fault);
    this.#ms = ms;
    this.#ticks = ticks;
  }

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    const readiness = this.#readiness;
    const context = this.#context.around(cx);
    if (this.#isStopped || !readiness.isReady) {
      context.register();
      return PENDING;
    }
    const { tick } = readiness;
    const n = this.pass(context, bytes, start, end, given);
    if (n !== PENDING) return n;
    if (this.fault.fires()) this.#stop(tick);
    else readiness.clear(tick);
    return PENDING;
  }

  #stop(tick: number): void {
    this.#isStopped = true;
    this.fault.context.clock.after(this.#ms, () => {
      this.#isStopped = false;
      this.#readiness.clear(this.#ticks ? tick : null);
      // Looks again, as whoever registers with the driver does.
      if (this.#readiness.isReady) this.#context.rouse();
    });
  }
}
