import type { Context } from '../../../src/poll/context.ts';
import { pollFault } from '../fault-definition.ts';
import { PassingStream } from './passing-stream.ts';

export const shutdownNotPassedOn = pollFault({
  name: 'shutdown-not-passed-on',
  summary: 'a shutdown is answered, and the peer is never told',
  halves: ['write'],
  calls: 'shutdowns',
  class: 'eof-not-propagated',
  wrap: (inner, fault) => new ShutdownNotPassedOnStream(inner, fault),
});

class ShutdownNotPassedOnStream extends PassingStream {
  override pollShutdown(cx: Context): number {
    return this.fault.fires() ? 0 : super.pollShutdown(cx);
  }
}
