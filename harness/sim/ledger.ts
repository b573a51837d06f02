import type { Direction } from '../../src/poll/direction.ts';
import { ByteView, copyBytes, sameBytes } from './byte-view.ts';
import { Payload } from './payload.ts';

/**
 * The account of one direction, kept where its bytes come from and where they arrive, below all faults and apart from
 * what anybody reports: what its source gave, and what its sink took.
 */
export class Ledger {
  readonly direction: Direction;
  /** Bytes that the source has given, and whether it has said that there are no more. */
  given = 0;
  ended = false;
  /** Bytes that the sink has taken, and how often it was shut down to the end. */
  taken = 0;
  ends = 0;
  /** Where the sink first got another byte than the source gave there, or one that it had not given; −1: nowhere. */
  differsAt = -1;
  readonly #payload: Payload;
  /** What was given, if some of it is not the seed's; else empty. */
  #tape: Buffer = Buffer.alloc(0);
  #isLiteral = false;
  /** What was taken, from the first difference on; before that it is what was given. */
  #got: Buffer = Buffer.alloc(0);

  /** What was given so far, and the copy's own buffer. */
  readonly #source = new ByteView(this.#tape);
  readonly #buffer = new ByteView(this.#tape);

  constructor(direction: Direction) {
    this.direction = direction;
    this.#payload = new Payload(direction);
  }

  /** @param isLiteral whether some of the bytes will be handed in. */
  reset(seed: number, isLiteral: boolean): void {
    this.given = 0;
    this.ended = false;
    this.taken = 0;
    this.ends = 0;
    this.differsAt = -1;
    this.#isLiteral = isLiteral;
    this.#payload.reset(seed);
  }

  /** Bytes that were given and have not arrived. */
  get underWay(): number {
    return this.given - this.taken;
  }

  /** Gives the next `n` bytes: the seed's, or those of `literal` from `from` on. */
  give(bytes: Uint8Array, start: number, n: number, literal: Uint8Array | null, from: number): void {
    const end = this.given + n;
    const tape = this.#isLiteral ? this.#extend(end, literal, from) : this.#payload.upTo(end);
    copyBytes(this.#source.of(tape), this.given, this.#buffer.of(bytes), start, n);
    this.given = end;
  }

  /** The sink has taken these. */
  take(bytes: Uint8Array, start: number, n: number): void {
    if (this.differsAt === -1) {
      const same = this.#sameAsGiven(bytes, start, n);
      if (same === n) {
        this.taken += n;
        return;
      }
      this.differsAt = this.taken + same;
      this.#got = Buffer.from(this.#given(this.taken));
    }
    const end = this.taken + n;
    if (end > this.#got.length) this.#got = grown(this.#got, end);
    this.#got.set(bytes.subarray(start, start + n), this.taken);
    this.taken = end;
  }

  /** What the sink took; good until the next run. */
  delivered(): Uint8Array {
    return this.differsAt === -1 ? this.#given(this.taken) : this.#got.subarray(0, this.taken);
  }

  #given(length: number): Uint8Array {
    return (this.#isLiteral ? this.#tape : this.#payload.upTo(length)).subarray(0, length);
  }

  /** How many of these bytes are those that the source gave at this place. */
  #sameAsGiven(bytes: Uint8Array, start: number, n: number): number {
    const tape = this.#source.of(this.#isLiteral ? this.#tape : this.#payload.upTo(0));
    const most = Math.min(n, this.given - this.taken);
    return sameBytes(tape, this.taken, this.#buffer.of(bytes), start, most);
  }

  #extend(end: number, literal: Uint8Array | null, from: number): Uint8Array {
    if (end > this.#tape.length) this.#tape = grown(this.#tape, end);
    const n = end - this.given;
    if (literal === null) this.#tape.set(this.#payload.upTo(end).subarray(this.given, end), this.given);
    else this.#tape.set(literal.subarray(from, from + n), this.given);
    return this.#tape;
  }
}

function grown(bytes: Buffer, length: number): Buffer {
  const longer = Buffer.alloc(Math.max(length, 2 * bytes.length));
  longer.set(bytes);
  return longer;
}
