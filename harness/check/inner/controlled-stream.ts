import type { Context, Waker } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { ChunkSlot, PollStream } from '../../../src/poll/poll-stream.ts';
import { ChunkQueue } from '../../../src/streams/chunk-queue.ts';
import { copyBytes } from '../../../src/streams/copy-bytes.ts';
import type { InnerBehaviour } from '../stream-case.ts';
import type { WakeQueue } from './wake-queue.ts';

type Call = 'pollRead' | 'pollChunk' | 'pollWrite' | 'pollFlush' | 'pollShutdown';

/**
 * What the stream under test is given as its inner side: one end of a memory pair, which takes and gives as little, as late
 * and as surprisingly as the case says, and always within the contract.
 */
export class ControlledStream implements PollStream {
  /** What it has seen of a poll within a poll. */
  misuse: string | null = null;
  /** How often it has been called. */
  calls = 0;
  declare readonly pollChunk?: (cx: Context, slot: ChunkSlot) => number;
  readonly #end: PollStream;
  readonly #wakes: WakeQueue;
  readonly #chunkBytes: number;
  readonly #holdBytes: number;
  readonly #pendingEvery: number;
  readonly #wakesAtOnce: boolean;
  /** What was written and waits for a flush. */
  readonly #held = new ChunkQueue();
  readonly #slot: ChunkSlot = { bytes: new Uint8Array(0), start: 0, end: 0 };
  readonly #waiting = new Map<string, Waker>();
  #failure: Error | null = null;
  #isShutDown = false;
  #inside: Call | null = null;
  #calls = 0;
  /** The call that was put off, and is not put off again when it comes back. */
  readonly #putOff = new Set<Call>();
  /** Calls that wait in earnest and have not been woken: to put these off, and to wake them for it, would never end with a stream that does the same. */
  readonly #inEarnest = new Set<Call>();
  /** Calls that have returned 0. */
  readonly #over = new Set<Call>();

  constructor(end: PollStream, wakes: WakeQueue, behaviour: InnerBehaviour) {
    this.#end = end;
    this.#wakes = wakes;
    this.#chunkBytes = behaviour.chunkBytes ?? Infinity;
    this.#holdBytes = behaviour.holds === true ? (behaviour.capacityBytes ?? 65_536) : 0;
    this.#pendingEvery = behaviour.pendingEvery ?? 0;
    this.#wakesAtOnce = behaviour.wakesAtOnce === true;
    if (behaviour.chunks === true)
      this.pollChunk = (cx, slot) => this.#call('pollChunk', cx, (cx) => end.pollChunk?.(cx, slot) ?? Number.NaN);
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    const most = Math.min(end, start + this.#chunkBytes);
    return this.#call('pollRead', cx, (cx) => this.#end.pollRead(cx, bytes, start, most));
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    const most = Math.min(end, start + this.#chunkBytes);
    return this.#call('pollWrite', cx, (cx) =>
      this.#holdBytes === 0 || this.#isShutDown
        ? this.#end.pollWrite(cx, bytes, start, most, given)
        : this.#hold(cx, bytes, start, most),
    );
  }

  pollFlush(cx: Context): number {
    return this.#call('pollFlush', cx, (cx) => (this.#passOn(cx) ? this.#end.pollFlush(cx) : PENDING));
  }

  pollShutdown(cx: Context): number {
    return this.#call('pollShutdown', cx, (cx) => {
      if (!this.#passOn(cx)) return PENDING;
      this.#isShutDown = true;
      return this.#end.pollShutdown(cx);
    });
  }

  /** The connection breaks: every call throws from here on, and who waits is told. */
  fail(reason: Error): void {
    this.#failure = reason;
    for (const waker of this.#waiting.values()) this.#wake(waker);
    this.#waiting.clear();
  }

  #hold(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    if (this.#heldBytes >= this.#holdBytes) this.#passOn(cx);
    const n = Math.min(end - start, this.#holdBytes - this.#heldBytes);
    // Full, and the pair is, too: it has registered the caller.
    if (n === 0 && end > start) return PENDING;
    this.#held.push(copyBytes(bytes, start, start + n));
    return n;
  }

  get #heldBytes(): number {
    return this.#held.bytes + this.#slot.end - this.#slot.start;
  }

  /** Whether nothing is held any more. */
  #passOn(cx: Context): boolean {
    const slot = this.#slot;
    for (;;) {
      if (slot.start === slot.end && this.#held.take(slot) === 0) return true;
      const n = this.#end.pollWrite(cx, slot.bytes, slot.start, slot.end, true);
      if (n === PENDING) return false;
      slot.start += n;
    }
  }

  #call(call: Call, cx: Context, poll: (cx: Context) => number): number {
    if (this.#inside !== null) this.misuse ??= `The inner side's ${call} was polled inside its ${this.#inside}`;
    this.calls += 1;
    if (this.#failure !== null) throw this.#failure;
    const inner = new InnerContext(cx, (waker) => {
      this.#waiting.set(cx.half, waker);
      return {
        wake: () => {
          this.#inEarnest.delete(call);
          this.#wake(waker);
        },
      };
    });
    const outside = this.#inside;
    this.#inside = call;
    try {
      if (this.#isPutOff(call)) {
        inner.register().wake();
        return PENDING;
      }
      const n = poll(inner);
      if (n === PENDING) this.#inEarnest.add(call);
      else this.#inEarnest.delete(call);
      if (n === 0) this.#over.add(call);
      return n;
    } finally {
      this.#inside = outside;
    }
  }

  #isPutOff(call: Call): boolean {
    if (this.#pendingEvery === 0 || this.#isOver(call) || this.#putOff.delete(call) || this.#inEarnest.has(call))
      return false;
    this.#calls += 1;
    if (this.#calls % this.#pendingEvery !== 0) return false;
    this.#putOff.add(call);
    return true;
  }

  /** What has ended stays so: it is not PENDING again. */
  #isOver(call: Call): boolean {
    if (call === 'pollRead' || call === 'pollChunk') return this.#over.has('pollRead') || this.#over.has('pollChunk');
    return this.#over.has('pollShutdown');
  }

  #wake(waker: Waker): void {
    if (this.#wakesAtOnce) waker.wake();
    else this.#wakes.push(waker);
  }
}

class InnerContext implements Context {
  readonly #around: Context;
  readonly #wakerOf: (waker: Waker) => Waker;
  readonly direction;
  readonly half;
  readonly budget;

  constructor(around: Context, wakerOf: (waker: Waker) => Waker) {
    this.#around = around;
    this.#wakerOf = wakerOf;
    this.direction = around.direction;
    this.half = around.half;
    this.budget = around.budget;
  }

  register(slot?: number): Waker {
    return this.#wakerOf(this.#around.register(slot));
  }

  note(head: number, n: number, offered: number): void {
    this.#around.note?.(head, n, offered);
  }
}
