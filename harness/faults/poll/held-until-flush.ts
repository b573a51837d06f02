import type { Context } from '../../../src/poll/context.ts';
import { pollFault } from '../fault-definition.ts';
import { HoldingStream } from './holding-stream.ts';

export const heldUntilFlush = pollFault({
  name: 'held-until-flush',
  summary: 'what is written goes out only when it is flushed, as with any buffered writer',
  halves: ['write'],
  calls: 'writes',
  benign: true,
  class: 'missed-flush',
  wrap: (inner, fault) => new HeldUntilFlushStream(inner, fault),
});

class HeldUntilFlushStream extends HoldingStream {
  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    // The order of bytes holds: nothing passes what is held.
    if (this.fault.fires(end - start) || this.held.length > 0) return super.pollWrite(cx, bytes, start, end, given);
    const n = this.inner.pollWrite(cx, bytes, start, end, given);
    this.fault.pass(n);
    return n;
  }
}
