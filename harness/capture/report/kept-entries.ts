import type { TimeLineEntry } from './time-line-entry.ts';

/** The first and the latest entries of a time line of any length, and how many were between them. */
export class KeptEntries {
  readonly first: TimeLineEntry[] = [];
  readonly #latest: TimeLineEntry[] = [];
  readonly #most: number;
  readonly #mostLatest: number;
  #next = 0;
  #count = 0;

  /** @param latest so many of the latest are kept beside the `first`. */
  constructor(first: number, latest: number) {
    this.#most = first;
    this.#mostLatest = latest;
  }

  add(entry: TimeLineEntry): void {
    this.#count += 1;
    if (this.first.length < this.#most) {
      this.first.push(entry);
      return;
    }
    if (this.#mostLatest === 0) return;
    this.#latest[this.#next] = entry;
    this.#next = (this.#next + 1) % this.#mostLatest;
  }

  get leftOut(): number {
    return this.#count - this.first.length - this.#latest.length;
  }

  latest(): TimeLineEntry[] {
    return [...this.#latest.slice(this.#next), ...this.#latest.slice(0, this.#next)];
  }
}
