import type { Breach } from './breach.ts';
import type { StreamCase } from './stream-case.ts';
import type { StreamLaw } from './stream-law.ts';

/** A law that was found broken, by the case in which it was first. */
export interface FoundBreach {
  readonly breach: Breach;
  readonly streamCase: StreamCase;
}

/** The breaches of many cases: which laws are broken, and which only seem to be, since others are. */
export class FoundBreaches {
  /** The first of each kind: of one law, with the same possible causes. */
  readonly #found = new Map<string, FoundBreach>();

  add(breach: Breach, streamCase: StreamCase): void {
    const kind = [breach.law, ...breach.mayFollowFrom].join(' ');
    if (!this.#found.has(kind)) this.#found.set(kind, { breach, streamCase });
  }

  has(law: StreamLaw): boolean {
    return [...this.#found.values()].some(({ breach }) => breach.law === law);
  }

  /** For each law that is broken whatever else is, the first breach that shows it. */
  get broken(): FoundBreach[] {
    const sure = this.#brokenBut((cause) => this.has(cause));
    // What explains itself away in a circle has still been seen.
    const laws = sure.length > 0 ? sure : [...this.#found.values()].slice(0, 1);
    // A mere consequence is no cause: what it was to explain is judged after all.
    const isBroken = (law: StreamLaw): boolean => laws.some(({ breach }) => breach.law === law);
    return this.#brokenBut(isBroken);
  }

  #brokenBut(isCause: (law: StreamLaw) => boolean): FoundBreach[] {
    const broken = new Map<StreamLaw, FoundBreach>();
    for (const found of this.#found.values()) {
      const { law, mayFollowFrom } = found.breach;
      if (!broken.has(law) && !mayFollowFrom.some((cause) => cause !== law && isCause(cause))) broken.set(law, found);
    }
    return [...broken.values()];
  }
}
