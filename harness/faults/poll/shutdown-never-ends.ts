import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { pollFault } from '../fault-definition.ts';
import { PassingStream } from './passing-stream.ts';

export const shutdownNeverEnds = pollFault({
  name: 'shutdown-never-ends',
  summary: 'the end is sent, and the shutdown waits for an answer that never comes',
  halves: ['write'],
  calls: 'shutdowns',
  class: 'shutdown-waits-for-peer',
  wrap: (inner, fault) => new ShutdownNeverEndsStream(inner, fault),
});

class ShutdownNeverEndsStream extends PassingStream {
  override pollShutdown(cx: Context): number {
    const result = super.pollShutdown(cx);
    if (result === PENDING || !this.fault.fires()) return result;
    cx.register();
    return PENDING;
  }
}
