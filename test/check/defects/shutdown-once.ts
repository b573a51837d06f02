import type { Context } from '../../../src/poll/context.ts';
import { Passing } from './passing.ts';

/** A second shutdown is an error to it. */
export class ShutdownOnce extends Passing {
  #isDone = false;

  override pollShutdown(cx: Context): number {
    if (this.#isDone) throw new Error('Shut down twice');
    const n = super.pollShutdown(cx);
    this.#isDone = n === 0;
    return n;
  }
}
