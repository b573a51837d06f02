import type { TraceEvent } from './trace-event.ts';

/** What is said of a trace as a whole, in the first line of its NDJSON. */
export interface TraceHeader {
  readonly dialect?: string;
  /** What was run, for a person. */
  readonly title?: string;
  /** When the trace began, ISO 8601 in UTC. */
  readonly startedAt?: string;
}

/** One line for the header, one for each event. The format is documented in traces/README.md. */
export function* toNdjson(header: TraceHeader, events: Iterable<TraceEvent>): Generator<string> {
  yield `${JSON.stringify({ relayscope: 'trace', version: 1, ...header })}\n`;
  for (const event of events) yield `${JSON.stringify(event, spellOut)}\n`;
}

/** JSON has no NaN and no Infinity: they are spelled as strings beside their type (see ExtendedValue). */
function spellOut(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
