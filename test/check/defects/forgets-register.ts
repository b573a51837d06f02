import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { Passing } from './passing.ts';

/** Every other read is put off, and nobody is told whom to wake. */
export class ForgetsRegister extends Passing {
  #isOdd = false;

  override pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    this.#isOdd = !this.#isOdd;
    return this.#isOdd ? PENDING : super.pollRead(cx, bytes, start, end);
  }
}
