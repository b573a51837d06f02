import type { Context } from '../../../src/poll/context.ts';
import { Passing } from './passing.ts';

/** A shutdown that was made async: it returns a promise, and a copy takes it for whatever it likes. */
export class NothingReturned extends Passing {
  override pollShutdown(cx: Context): number {
    // What JavaScript lets pass.
    return Promise.resolve(super.pollShutdown(cx)) as unknown as number;
  }
}
