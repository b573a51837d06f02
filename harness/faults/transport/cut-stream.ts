import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { WakeSlot } from '../../../src/streams/wake-slot.ts';
import type { ActiveFault } from '../active-fault.ts';
import type { FaultyLink } from '../fault-definition.ts';
import { FaultError } from '../poll/fault-error.ts';
import { HalfStream, type Transfer } from '../poll/half-stream.ts';

/** What becomes of a half that was cut: it waits (for the connection to be seen to close), or takes all for nothing. */
export type AfterCut = 'waits' | 'swallows';

export interface Cut {
  readonly cut: () => void;
  readonly after: AfterCut;
}

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
  readonly #link: FaultyLink;
  /** `over`: it is cut, and the connection has been seen to close. */
  #state: 'whole' | 'cut' | 'over' = 'whole';

  constructor(inner: PollStream, fault: ActiveFault, link: FaultyLink, { cut, after }: Cut) {
    super(inner, fault);
    this.#link = link;
    this.#cut = cut;
    this.#after = after;
    const { when } = fault.entry;
    this.#byte = when !== undefined && 'byte' in when ? when.byte : null;
    if (when !== undefined && 'atMs' in when) this.#cutAt(when.atMs);
  }

  #cutAt(atMs: number): void {
    const { clock } = this.fault.context;
    let cancel = clock.after(atMs, () => {
      // A timer may be a fraction early by the clock that the trigger asks.
      cancel = clock.after(1, () => {
        if (this.#state === 'whole' && this.fault.fires()) this.#now();
      });
    });
    // Else a time far off keeps the connection in memory until then, and fires for one that is long gone.
    this.#link.whenOver(() => {
      cancel();
    });
  }

  protected override transfer(...call: Transfer): number {
    const [cx, bytes, start, end, given] = call;
    if (this.#state === 'whole' && this.#byte === null && this.fault.fires(this.reached(start, end))) this.#now();
    // What the stream has kept would be bytes behind the cut: it is not asked.
    if (this.#state === 'over') throw new FaultError('Connection cut by a fault');
    if (this.#state === 'cut') return this.#after === 'swallows' ? end - start : this.#slot.wait(cx);
    const most = this.#byte === null ? end - start : this.#byte - this.#passed;
    const n = this.pass(cx, bytes, start, Math.min(end, start + most), given);
    if (n === PENDING || n === 0) return n;
    this.#passed += n;
    // Only now is it known that so many have gone: what was offered, or the room there was, may never be moved.
    if (this.#byte !== null && this.#passed >= this.#byte && this.fault.fires()) {
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
    // Who writes is told by the reading half, which goes on. Who reads here may be the only one that asks.
    if (this.fault.half === 'write') return;
    this.#link.whenOver(() => {
      this.#state = 'over';
      this.#slot.wake();
    });
  }
}
