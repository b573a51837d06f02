import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { pollFault } from '../fault-definition.ts';
import { FaultError } from './fault-error.ts';
import { PassingStream } from './passing-stream.ts';

export const shutdownFailsAgain = pollFault({
  name: 'shutdown-fails-again',
  summary: 'a shutdown is Pending at first, and fails when it is asked again',
  halves: ['write'],
  calls: 'shutdowns',
  class: 'shutdown-not-idempotent',
  wrap: (inner, fault) => new ShutdownFailsAgainStream(inner, fault),
});

class ShutdownFailsAgainStream extends PassingStream {
  #wasAsked = false;

  override pollShutdown(cx: Context): number {
    if (this.#wasAsked) throw new FaultError('Shut down already, by a fault');
    const result = super.pollShutdown(cx);
    if (result === PENDING || !this.fault.fires()) return result;
    this.#wasAsked = true;
    cx.register().wake();
    return PENDING;
  }
}
