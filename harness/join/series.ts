import { KEPT_POINTS } from './join-limits.ts';

/** How far a stream was at some time. */
export interface Point {
  /** In milliseconds, by the clock of whoever saw it. */
  readonly atMs: number;
  /** Bytes so far. */
  readonly offset: number;
}

/** Bytes that go by: all are counted, and when the first and the last of them came is kept. */
export class Series {
  bytes = 0;
  /** Times that some went by. */
  steps = 0;
  readonly #first: Point[] = [];
  readonly #last: Point[] = [];

  add(bytes: number, atMs: number): void {
    if (bytes <= 0) return;
    this.bytes += bytes;
    this.steps += 1;
    const point = { atMs, offset: this.bytes };
    if (this.#first.length < KEPT_POINTS) {
      this.#first.push(point);
      return;
    }
    this.#last.push(point);
    if (this.#last.length > KEPT_POINTS) this.#last.shift();
  }

  get points(): readonly Point[] {
    return [...this.#first, ...this.#last];
  }

  /** When the first byte after `offset` came, as far as it is known; null: it did not. */
  timeAfter(offset: number): number | null {
    return this.points.find((point) => point.offset > offset)?.atMs ?? null;
  }
}
