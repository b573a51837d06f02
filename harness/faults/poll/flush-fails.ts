import type { Context } from '../../../src/poll/context.ts';
import { pollFault } from '../fault-definition.ts';
import { FaultError } from './fault-error.ts';
import { PassingStream } from './passing-stream.ts';

export const flushFails = pollFault({
  name: 'flush-fails',
  summary: 'a flush fails',
  halves: ['write'],
  calls: 'flushes',
  wrap: (inner, fault) => new FlushFailsStream(inner, fault),
});

class FlushFailsStream extends PassingStream {
  override pollFlush(cx: Context): number {
    if (this.fault.fires()) throw new FaultError('Flush failed by a fault');
    return super.pollFlush(cx);
  }
}
