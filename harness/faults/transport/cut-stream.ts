import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { WakeSlot } from '../../../src/streams/wake-slot.ts';
import type { ActiveFault } from '../active-fault.ts';
import { HalfStream, type Transfer } from '../poll/half-stream.ts';

/** What becomes of a half that was cut: it waits (for the connection to be seen to close), or takes all for nothing. */
export type AfterCut = 'waits' | 'swallows';

/**
 * A stream whose connection is cut when its fault fires: after exactly so many bytes where the plan gives a byte, else
 * before the call, or at the time that it gives, whether or not anything is called then.
 */
export class CutStream extends HalfStream {
  readonly #cut: () => void;
  readonly #after: AfterCut;
  readonly #slot = new WakeSlot();
  readonly #byte: number | null;
  #passed = 0;
  #state: 'whole' | 'due' | 'cut' = 'whole';

  constructor(inner: PollStream, fault: ActiveFault, cut: () => void, after: AfterCut) {
    super(inner, fault);
    this.#cut = cut;
    this.#after = after;
    const { when } = fault.entry;
    this.#byte = when !== undefined && 'byte' in when ? when.byte : null;
    if (when !== undefined && 'atMs' in when) {
      fault.context.clock.after(when.atMs, () => {
        // A timer may be a fraction early by the clock that the trigger asks.
        fault.context.clock.after(1, () => {
          if (this.#state === 'whole' && fault.fires()) this.#now();
        });
      });
    }
  }

  protected override transfer(...call: Transfer): number {
    const [cx, bytes, start, end, given] = call;
    if (this.#state === 'whole' && this.fault.fires(end - start)) {
      this.#state = 'due';
      if (this.#byte === null) this.#now();
    }
    if (this.#state === 'cut') return this.#after === 'swallows' ? end - start : this.#slot.wait(cx);
    const most = this.#state === 'due' && this.#byte !== null ? this.#byte - this.#passed : end - start;
    const n = this.pass(cx, bytes, start, Math.min(end, start + most), given);
    if (n === PENDING || n === 0) return n;
    this.#passed += n;
    if (this.#state === 'due' && this.#passed >= (this.#byte ?? 0)) {
      if (this.fault.half === 'write') this.inner.pollFlush(cx);
      this.#now();
    }
    return n;
  }

  override pollFlush(cx: Context): number {
    return this.#state === 'cut' && this.fault.half === 'write' ? 0 : super.pollFlush(cx);
  }

  #now(): void {
    this.#state = 'cut';
    this.#cut();
  }
}
