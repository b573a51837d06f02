import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { pollFault } from '../fault-definition.ts';
import { PassingStream } from './passing-stream.ts';

export const flushNeverEnds = pollFault({
  name: 'flush-never-ends',
  summary: 'a flush waits for ever',
  halves: ['write'],
  calls: 'flushes',
  wrap: (inner, fault) => new FlushNeverEndsStream(inner, fault),
});

class FlushNeverEndsStream extends PassingStream {
  override pollFlush(cx: Context): number {
    if (!this.fault.fires()) return super.pollFlush(cx);
    cx.register();
    return PENDING;
  }
}
