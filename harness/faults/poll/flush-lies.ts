import type { Context } from '../../../src/poll/context.ts';
import { pollFault } from '../fault-definition.ts';
import { HoldingStream } from './holding-stream.ts';

export const flushLies = pollFault({
  name: 'flush-lies',
  summary: 'a flush says that it is done, and what was written is still held back',
  halves: ['write'],
  calls: 'flushes with something to flush',
  class: 'flush-lies',
  wrap: (inner, fault) => new FlushLiesStream(inner, fault),
});

class FlushLiesStream extends HoldingStream {
  override pollFlush(cx: Context): number {
    return this.held.length > 0 && this.fault.fires() ? this.told(cx, 0) : super.pollFlush(cx);
  }
}
