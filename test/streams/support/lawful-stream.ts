import type { Context, Waker } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { ChunkSlot, PollStream } from '../../../src/poll/poll-stream.ts';

/** Written over what was taken of a borrowed buffer: no stream may still need it. */
const SCRIBBLE = 0xee;

/** Polls in progress, over all streams of the test: never more than one, since a wake only schedules. */
let polling = '';

/**
 * A stream that checks each call against the contract on its way, whoever makes it: the suite's own driver or a copy.
 * What it finds it throws, as a sentence that begins with "Contract".
 */
export class LawfulStream implements PollStream {
  readonly #inner: PollStream;
  readonly #name: string;
  declare readonly pollChunk?: (cx: Context, slot: ChunkSlot) => number;

  constructor(inner: PollStream, name: string) {
    this.#inner = inner;
    this.#name = name;
    const pollChunk = inner.pollChunk?.bind(inner);
    if (pollChunk !== undefined) {
      this.pollChunk = (cx, slot) => {
        const n = this.#poll('pollChunk', cx, pollChunk, slot);
        if (n !== PENDING && n !== 0) this.#expectCount('pollChunk', n, slot.end - slot.start, slot.end - slot.start);
        return n;
      };
    }
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    const outside = [bytes[start - 1], bytes[end]];
    const n = this.#poll('pollRead', cx, (cx) => this.#inner.pollRead(cx, bytes, start, end));
    if (n !== PENDING) this.#expectCount('pollRead', n, 0, end - start);
    if (bytes[start - 1] !== outside[0] || bytes[end] !== outside[1]) this.#fail('pollRead wrote outside its window');
    return n;
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    const before = given ? null : Buffer.from(bytes.subarray(start, end));
    const n = this.#poll('pollWrite', cx, (cx) => this.#inner.pollWrite(cx, bytes, start, end, given));
    if (before?.equals(bytes.subarray(start, end)) === false) this.#fail('pollWrite changed the bytes that it borrows');
    if (n === PENDING) return n;
    this.#expectCount('pollWrite', n, 1, end - start);
    if (!given) bytes.fill(SCRIBBLE, start, start + n);
    return n;
  }

  pollFlush(cx: Context): number {
    return this.#poll('pollFlush', cx, (cx) => this.#expectDone('pollFlush', this.#inner.pollFlush(cx)));
  }

  pollShutdown(cx: Context): number {
    return this.#poll('pollShutdown', cx, (cx) => this.#expectDone('pollShutdown', this.#inner.pollShutdown(cx)));
  }

  abort(reason: Error): void {
    this.#inner.abort?.(reason);
  }

  #poll<T extends unknown[]>(call: string, cx: Context, poll: (cx: Context, ...rest: T) => number, ...rest: T): number {
    if (polling !== '') this.#fail(`${call} was polled inside ${polling}: a wake polled at once`);
    const seen = new RegistrationWitness(cx);
    polling = `${this.#name}.${call}`;
    let n: number;
    try {
      n = poll(seen, ...rest);
    } finally {
      polling = '';
    }
    if (n === PENDING && !seen.registered) this.#fail(`${call} returned PENDING without register() in that call`);
    return n;
  }

  #expectCount(call: string, n: number, least: number, most: number): void {
    if (Number.isInteger(n) && n >= least && n <= most) return;
    this.#fail(`${call} returned ${String(n)}: expected an integer in ${least}..${most}`);
  }

  #expectDone(call: string, n: number): number {
    if (n !== PENDING && n !== 0) this.#fail(`${call} returned ${String(n)}: expected PENDING or 0`);
    return n;
  }

  #fail(what: string): never {
    throw new Error(`Contract broken by ${this.#name}: ${what}`);
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

  register(): Waker {
    this.registered = true;
    return this.#cx.register();
  }
}
