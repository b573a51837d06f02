import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { HeldBytes } from './held-bytes.ts';
import { PassingStream } from './passing-stream.ts';

/** A buffered writer: takes bytes, and passes them on when it is flushed or shut down. */
export class HoldingStream extends PassingStream {
  protected readonly held = new HeldBytes();

  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, _given: boolean): number {
    let n = this.held.add(bytes, start, end);
    if (n === 0 && end > start) {
      if (this.held.passOn(this.inner, cx) === PENDING) return PENDING;
      n = this.held.add(bytes, start, end);
    }
    this.fault.pass(n);
    return n;
  }

  override pollFlush(cx: Context): number {
    return this.held.passOn(this.inner, cx) === PENDING ? PENDING : super.pollFlush(cx);
  }

  override pollShutdown(cx: Context): number {
    return this.held.passOn(this.inner, cx) === PENDING ? PENDING : super.pollShutdown(cx);
  }
}
