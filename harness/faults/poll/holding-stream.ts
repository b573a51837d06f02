import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { Kind } from '../../../src/trace/event-kind.ts';
import { HeldBytes, MAX_HELD_BYTES } from './held-bytes.ts';
import { PassingStream } from './passing-stream.ts';

/**
 * A buffered writer: takes bytes, and passes them on when it is flushed or shut down. As long as it holds some it tells the trace in
 * each call how many, so that what lies in it is told from what it has dropped.
 */
export class HoldingStream extends PassingStream {
  protected readonly held = new HeldBytes();
  /** As last told. */
  #toldBytes = 0;
  #isShutDown = false;

  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    // What it held now would never be passed on: the stream beneath refuses it.
    if (this.#isShutDown) return super.pollWrite(cx, bytes, start, end, given);
    let n = this.held.add(bytes, start, end);
    if (n === 0 && end > start) {
      if (this.held.passOn(this.inner, cx) === PENDING) return this.told(cx, PENDING);
      n = this.held.add(bytes, start, end);
    }
    this.fault.pass(n);
    return this.told(cx, n);
  }

  override pollFlush(cx: Context): number {
    return this.told(cx, this.held.passOn(this.inner, cx)) === PENDING ? PENDING : super.pollFlush(cx);
  }

  override pollShutdown(cx: Context): number {
    if (this.told(cx, this.held.passOn(this.inner, cx)) === PENDING) return PENDING;
    this.#isShutDown = true;
    return super.pollShutdown(cx);
  }

  /** Tells what it holds at the end of a call, or before it passes the call on. */
  protected told(cx: Context, result: number): number {
    const { length } = this.held;
    if (length === 0 && this.#toldBytes === 0) return result;
    this.#toldBytes = length;
    cx.note?.(Kind.QUEUE, length, MAX_HELD_BYTES);
    return result;
  }
}
