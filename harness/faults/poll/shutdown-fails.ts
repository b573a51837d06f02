import type { Context } from '../../../src/poll/context.ts';
import { pollFault } from '../fault-definition.ts';
import { FaultError } from './fault-error.ts';
import { PassingStream } from './passing-stream.ts';

export const shutdownFails = pollFault({
  name: 'shutdown-fails',
  summary: 'a shutdown fails, as on a socket that is not connected any more',
  halves: ['write'],
  calls: 'shutdowns',
  class: 'shutdown-error-kills-both',
  wrap: (inner, fault) => new ShutdownFailsStream(inner, fault),
});

class ShutdownFailsStream extends PassingStream {
  override pollShutdown(cx: Context): number {
    if (this.fault.fires()) throw new FaultError('Not connected, by a fault');
    return super.pollShutdown(cx);
  }
}
