import type { Verdict } from '../trace/trace-note.ts';
import { oldestBeyond } from './oldest-beyond.ts';

/** A trace from elsewhere may have any number: of more connections than that the oldest are forgotten. */
const MAX_VERDICTS = 65_536;

/** How a copy ended, as far as a verdict says; its message, which may be long, is not kept. */
export type VerdictFacts = Pick<Verdict, 'outcome' | 'atMs' | 'direction' | 'half'>;

/** The latest verdict of each connection, and the latest that names none. */
export class VerdictLog {
  readonly #latest = new Map<number | null, VerdictFacts & { readonly order: number }>();
  #count = 0;

  add({ connection, outcome, atMs, direction, half }: Verdict): void {
    const key = connection ?? null;
    this.#count += 1;
    this.#latest.delete(key);
    this.#latest.set(key, {
      order: this.#count,
      outcome,
      atMs,
      ...(direction === undefined ? {} : { direction }),
      ...(half === undefined ? {} : { half }),
    });
    for (const oldest of oldestBeyond(this.#latest, MAX_VERDICTS)) this.#latest.delete(oldest);
  }

  /** The latest that is about it. */
  of(connection: number): VerdictFacts | null {
    const own = this.#latest.get(connection);
    const general = this.#latest.get(null);
    const latest = (own?.order ?? 0) >= (general?.order ?? 0) ? own : general;
    if (latest === undefined) return null;
    const { order: _order, ...facts } = latest;
    return facts;
  }
}
