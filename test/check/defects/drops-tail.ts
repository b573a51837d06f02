import type { Context } from '../../../src/poll/context.ts';
import { Buffered } from './buffered.ts';

/** A shutdown that does not flush first. */
export class DropsTail extends Buffered {
  override pollShutdown(cx: Context): number {
    this.held = new Uint8Array(0);
    return super.pollShutdown(cx);
  }
}
