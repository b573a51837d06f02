import { systemClock } from '../../../src/poll/clock.ts';
import { Pulse } from '../../../src/watch/pulse.ts';
import { threadTimes } from '../../../src/watch/thread-state.ts';
import type { WatchedEnd } from '../../../src/watch/worker-link.ts';

/**
 * A clock that stands still while a thread is ready to run and gets no processor: on a machine that has much else to do, it is not
 * the thread that does not go on. Where the kernel does not tell, it is the clock of everybody.
 */
export function ownTime({ pulse }: Pick<WatchedEnd, 'pulse'>): () => number {
  return () => systemClock.nowMs() - (threadTimes(Atomics.load(pulse, Pulse.TID))?.waitedMs ?? 0);
}
