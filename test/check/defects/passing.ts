import type { Context } from '../../../src/poll/context.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';

/** A right adapter that does nothing: what the wrong ones differ from in one method. */
export class Passing implements PollStream {
  protected readonly inner: PollStream;

  constructor(inner: PollStream) {
    this.inner = inner;
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    return this.inner.pollRead(cx, bytes, start, end);
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    return this.inner.pollWrite(cx, bytes, start, end, given);
  }

  pollFlush(cx: Context): number {
    return this.inner.pollFlush(cx);
  }

  pollShutdown(cx: Context): number {
    return this.inner.pollShutdown(cx);
  }
}
