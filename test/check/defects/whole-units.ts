import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { Buffered } from './buffered.ts';

const UNIT_BYTES = 4;

/** A right adapter that passes on only whole units, as a cipher does, and what is left when it is flushed. */
export class WholeUnits extends Buffered {
  #rest: Uint8Array = new Uint8Array(0);

  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    const n = super.pollWrite(cx, bytes, start, end, given);
    // Of what does not make a unit nothing goes on, though there be room.
    if (n !== PENDING) this.#passUnits(cx);
    return n;
  }

  #passUnits(cx: Context): void {
    const rest = this.held.length % UNIT_BYTES;
    this.#rest = this.held.subarray(this.held.length - rest);
    this.held = this.held.subarray(0, this.held.length - rest);
    this.passOn(cx);
    this.held = Buffer.concat([this.held, this.#rest]);
  }
}
