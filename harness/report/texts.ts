import type { TraceEvent } from '../../src/trace/trace-event.ts';

/** A trace of ours has a few; one that comes from elsewhere may have any number, of any length. */
const MAX_TEXTS = 65_536;
const MAX_TEXT_CHARS = 400;

/** The texts of a trace that its events refer to by number. */
export class Texts {
  readonly #texts = new Map<number, string>();

  add(id: number, text: string): void {
    // A copy of its own, where a mere slice would keep the whole text alive.
    const short = text.length <= MAX_TEXT_CHARS ? text : Buffer.from(text.slice(0, MAX_TEXT_CHARS)).toString();
    if (this.#texts.size < MAX_TEXTS || this.#texts.has(id)) this.#texts.set(id, short);
  }

  /** The event with its text, if it has one. */
  told(event: TraceEvent): TraceEvent {
    if (event.kind !== 'fault' || typeof event.n !== 'number') return event;
    const text = this.#texts.get(event.n);
    return text === undefined ? event : { ...event, text };
  }
}
