import type { PollFault } from '../fault-definition.ts';
import { count } from './count.ts';
import { pendingWithoutWaker } from './pending-without-waker.ts';
import { short } from './short.ts';

/** The faults that wrap a polled stream, one file each. */
export const POLL_FAULTS: readonly PollFault[] = [count, short, pendingWithoutWaker];
