import { pollFault } from '../fault-definition.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

/**
 * A stream that makes a synchronous call which blocks its thread, under a runtime that puts off the wakes of a poll until
 * the poll is over (tokio, for those of its budget). `FaultContext.blockThread` is such a runtime; without one nothing is lost.
 */
export const threadBlocks = pollFault({
  name: 'thread-blocks',
  summary: 'a call blocks the thread of a runtime that has put wakes off to the end of the poll: they are lost',
  halves: ['read', 'write'],
  calls: 'calls',
  class: 'deferred-wake-lost',
  wrap: (inner, fault) => new ThreadBlocksStream(inner, fault),
});

class ThreadBlocksStream extends HalfStream {
  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    const n = this.pass(cx, bytes, start, end, given);
    if (this.fault.fires()) this.fault.context.blockThread?.();
    return n;
  }
}
