import { z } from 'zod';
import type { Context } from '../../../src/poll/context.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import type { ActiveFault } from '../active-fault.ts';
import { pollFault } from '../fault-definition.ts';
import { oneOf } from '../fault-parameters.ts';
import { HoldingStream } from './holding-stream.ts';

export const heldUntilFlush = pollFault({
  name: 'held-until-flush',
  summary: 'what is written goes out only when it is flushed, as with any buffered writer',
  halves: ['write'],
  calls: 'writes',
  benign: true,
  class: 'missed-flush',
  parameters: z.object({
    shutdown: oneOf(['flushes', 'drops']).default('flushes').describe('what a shutdown does with what is left'),
  }),
  wrap: (inner, fault, { shutdown }) => new HeldUntilFlushStream(inner, fault, shutdown === 'drops'),
});

class HeldUntilFlushStream extends HoldingStream {
  /** Nothing is left where the copy has flushed before, as it has to. */
  readonly #dropsTheRest: boolean;

  constructor(inner: PollStream, fault: ActiveFault, dropsTheRest: boolean) {
    super(inner, fault);
    this.#dropsTheRest = dropsTheRest;
  }

  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    // The order of bytes holds: nothing passes what is held.
    if (this.fault.fires(end - start) || this.held.length > 0) return super.pollWrite(cx, bytes, start, end, given);
    const n = this.inner.pollWrite(cx, bytes, start, end, given);
    this.fault.pass(n);
    return n;
  }

  override pollShutdown(cx: Context): number {
    if (this.#dropsTheRest) this.held.clear();
    return super.pollShutdown(cx);
  }
}
