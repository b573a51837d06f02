import type { Context } from '../../../src/poll/context.ts';
import { PassingStream } from './passing-stream.ts';

/** What a read or a write is called with. */
export type Transfer = [cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean];

/** A stream that does something else with its reads or its writes, whichever half its fault is at, and passes on the rest. */
export abstract class HalfStream extends PassingStream {
  override pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    if (this.fault.half === 'write') return super.pollRead(cx, bytes, start, end);
    return this.transfer(cx, bytes, start, end, false);
  }

  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    if (this.fault.half === 'read') return super.pollWrite(cx, bytes, start, end, given);
    return this.transfer(cx, bytes, start, end, given);
  }

  /** A read or a write of the fault's half: what becomes of it. `pass` is the call itself. */
  protected abstract transfer(...call: Transfer): number;

  /**
   * Which bytes a call is asked to move, for `fires` before it. A write reaches all that it is offered; a read only the
   * next one: its room says nothing about what comes.
   */
  protected reached(start: number, end: number): number {
    return this.fault.half === 'read' ? Math.min(1, end - start) : end - start;
  }

  protected pass(...[cx, bytes, start, end, given]: Transfer): number {
    return this.fault.half === 'read'
      ? super.pollRead(cx, bytes, start, end)
      : super.pollWrite(cx, bytes, start, end, given);
  }
}
