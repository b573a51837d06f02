import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { Buffered } from './buffered.ts';

/** Flushes its own buffer, and not what is beneath. */
export class FlushNotPassedOn extends Buffered {
  override pollFlush(cx: Context): number {
    return this.passOn(cx) ? 0 : PENDING;
  }
}
