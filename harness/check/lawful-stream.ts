import type { Context, Waker } from '../../src/poll/context.ts';
import { PENDING } from '../../src/poll/pending.ts';
import type { ChunkSlot, PollStream } from '../../src/poll/poll-stream.ts';
import type { StreamCall } from './breach.ts';
import { checkCount, checkDone } from './laws/counts.ts';
import type { StreamLaw } from './stream-law.ts';

/** What overwrites the bytes of a borrowed buffer after the call: no stream may still need them. */
export const SCRIBBLE = 0xee;
/** So many bytes on either side of a window are looked at. */
const GUARD_BYTES = 8;

/** Ends the call: throws. */
export type OnBroken = (law: StreamLaw, call: StreamCall, message: string) => never;

/** Polls in progress, over all streams of this kind: never more than one, since a wake only schedules. */
let polling = '';

/**
 * A stream that checks each call against those laws that hold for every single one, whoever makes it: counts,
 * registration, borrowed bytes, windows, no poll within a poll.
 */
export class LawfulStream implements PollStream {
  readonly #inner: PollStream;
  readonly #onBroken: OnBroken;
  readonly #outside = new Uint8Array(2 * GUARD_BYTES);
  declare readonly pollChunk?: (cx: Context, slot: ChunkSlot) => number;

  constructor(inner: PollStream, onBroken: OnBroken) {
    this.#inner = inner;
    this.#onBroken = onBroken;
    if (inner.pollChunk !== undefined) {
      this.pollChunk = (cx, slot) => {
        const n = this.#poll('pollChunk', cx, (cx) => inner.pollChunk?.(cx, slot) ?? Number.NaN);
        if (n !== PENDING && n !== 0) this.#expectCount('pollChunk', n, slot.end - slot.start, slot.end - slot.start);
        return n;
      };
    }
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    const before = Math.max(0, start - GUARD_BYTES);
    const outside = this.#outside;
    outside.set(bytes.subarray(before, start));
    outside.set(bytes.subarray(end, end + GUARD_BYTES), GUARD_BYTES);
    const n = this.#poll('pollRead', cx, (cx) => this.#inner.pollRead(cx, bytes, start, end));
    if (n !== PENDING) this.#expectCount('pollRead', n, 0, end - start);
    for (let i = 0; i < GUARD_BYTES; i += 1) {
      const isBefore = before + i >= start || bytes[before + i] === outside[i];
      const isAfter = end + i >= bytes.length || bytes[end + i] === outside[GUARD_BYTES + i];
      if (!isBefore || !isAfter) this.#onBroken('conservation', 'pollRead', 'pollRead wrote outside its window');
    }
    return n;
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    const before = given ? null : Buffer.from(bytes.subarray(start, end));
    const n = this.#poll('pollWrite', cx, (cx) => this.#inner.pollWrite(cx, bytes, start, end, given));
    if (before?.equals(bytes.subarray(start, end)) === false)
      this.#onBroken('conservation', 'pollWrite', 'pollWrite changed the bytes that it borrows');
    if (n === PENDING) return n;
    this.#expectCount('pollWrite', n, 1, end - start);
    if (!given) bytes.fill(SCRIBBLE, start, start + n);
    return n;
  }

  pollFlush(cx: Context): number {
    return this.#expectDone(
      'pollFlush',
      this.#poll('pollFlush', cx, (cx) => this.#inner.pollFlush(cx)),
    );
  }

  pollShutdown(cx: Context): number {
    return this.#expectDone(
      'pollShutdown',
      this.#poll('pollShutdown', cx, (cx) => this.#inner.pollShutdown(cx)),
    );
  }

  abort(reason: Error): void {
    this.#inner.abort?.(reason);
  }

  #poll(call: StreamCall, cx: Context, poll: (cx: Context) => number): number {
    if (polling !== '')
      this.#onBroken('re-entrancy', call, `${call} was polled inside ${polling}: a wake polled at once`);
    const seen = new RegistrationWitness(cx);
    polling = call;
    let n: number;
    try {
      n = poll(seen);
    } finally {
      polling = '';
    }
    if (n === PENDING && !seen.registered)
      this.#onBroken('wakers', call, `${call} returned PENDING without register() in that call`);
    return n;
  }

  #expectCount(call: StreamCall, n: number, least: number, most: number): void {
    const broken = checkCount(call, n, least, most);
    if (broken !== null) this.#onBroken('counts', call, broken);
  }

  #expectDone(call: StreamCall, n: number): number {
    const broken = n === PENDING ? null : checkDone(call, n);
    if (broken !== null) this.#onBroken('counts', call, broken);
    return n;
  }
}

/** Passes a registration on and remembers that it happened, within one call. */
class RegistrationWitness implements Context {
  readonly direction;
  readonly half;
  readonly budget;
  registered = false;
  readonly #cx: Context;

  constructor(cx: Context) {
    this.#cx = cx;
    this.direction = cx.direction;
    this.half = cx.half;
    this.budget = cx.budget;
  }

  register(slot?: number): Waker {
    this.registered = true;
    return this.#cx.register(slot);
  }

  note(head: number, n: number, offered: number): void {
    this.#cx.note?.(head, n, offered);
  }
}
