import type { TraceEvent } from '../../src/trace/trace-event.ts';

/** How often each event of a trace stands: by its own repeats and by those of its poll. Ask in the order of the trace. */
export class PollTimes {
  #poll = 1;

  of({ kind, repeat = 0 }: TraceEvent): number {
    // After a gap it is not known which poll, and how often repeated, the next events belong to.
    if (kind === 'gap') this.#poll = 1;
    if (kind !== 'poll') return (1 + repeat) * this.#poll;
    this.#poll = 1 + repeat;
    return this.#poll;
  }
}
