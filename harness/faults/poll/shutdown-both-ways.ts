import { z } from 'zod';
import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import type { ActiveFault } from '../active-fault.ts';
import { pollFault } from '../fault-definition.ts';
import { oneOf } from '../fault-parameters.ts';
import { FaultError } from './fault-error.ts';
import { PassingStream } from './passing-stream.ts';

export const shutdownBothWays = pollFault({
  name: 'shutdown-both-ways',
  summary: 'a shutdown closes the whole stream: nothing can be read any more either',
  halves: ['write'],
  calls: 'shutdowns',
  class: 'shutdown-is-full-close',
  parameters: z.object({ read: oneOf(['end', 'error']).default('end').describe('what a read gets from then on') }),
  wrap: (inner, fault, { read }) => new ShutdownBothWaysStream(inner, fault, read),
});

class ShutdownBothWaysStream extends PassingStream {
  readonly #read: 'end' | 'error';
  #isClosed = false;

  constructor(inner: PollStream, fault: ActiveFault, read: 'end' | 'error') {
    super(inner, fault, { passesChunks: false });
    this.#read = read;
  }

  override pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    if (!this.#isClosed) return super.pollRead(cx, bytes, start, end);
    if (this.#read === 'error') throw new FaultError('Closed both ways by a fault');
    return 0;
  }

  override pollShutdown(cx: Context): number {
    const result = super.pollShutdown(cx);
    if (result !== PENDING && !this.#isClosed && this.fault.fires()) {
      this.#isClosed = true;
      // Whoever waits for something to read is to find out.
      cx.register().wake();
    }
    return result;
  }
}
