import type { Context } from '../../../src/poll/context.ts';
import type { ChunkSlot, PollStream } from '../../../src/poll/poll-stream.ts';
import type { ActiveFault } from '../active-fault.ts';

/** A stream that passes every call on, and tells the fault how many bytes have gone through its half. */
export class PassingStream implements PollStream {
  protected readonly inner: PollStream;
  protected readonly fault: ActiveFault;
  readonly pollChunk?: (cx: Context, slot: ChunkSlot) => number;
  readonly abort?: (reason: Error) => void;

  /** Chunks are handed over only where the inner stream does. Default: and where the fault leaves reading alone. */
  constructor(inner: PollStream, fault: ActiveFault, { passesChunks = fault.half === 'write' } = {}) {
    this.inner = inner;
    this.fault = fault;
    // Called as the methods that they are, on the stream that they belong to.
    if (inner.pollChunk !== undefined && passesChunks)
      this.pollChunk = (cx, slot) => inner.pollChunk?.(cx, slot) ?? Number.NaN;
    if (inner.abort !== undefined) this.abort = (reason) => inner.abort?.(reason);
  }

  get label(): string | undefined {
    return this.inner.label;
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    const n = this.inner.pollRead(cx, bytes, start, end);
    if (this.fault.half === 'read') this.fault.pass(n);
    return n;
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    const n = this.inner.pollWrite(cx, bytes, start, end, given);
    if (this.fault.half === 'write') this.fault.pass(n);
    return n;
  }

  pollFlush(cx: Context): number {
    return this.inner.pollFlush(cx);
  }

  pollShutdown(cx: Context): number {
    return this.inner.pollShutdown(cx);
  }
}
