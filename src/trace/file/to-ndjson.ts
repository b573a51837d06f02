import type { TraceEvent } from '../trace-event.ts';
import type { TraceAbout } from '../trace-note.ts';
import { lineOfEvent } from './trace-to-ndjson.ts';
import { FORMAT_MAJOR } from './trace-format.ts';

/** Events as NDJSON: one line for what they are of, one for each. The format is documented in traces/README.md. */
export function* toNdjson(about: TraceAbout, events: Iterable<TraceEvent>): Generator<string> {
  yield `${JSON.stringify({ relayscope: 'trace', version: FORMAT_MAJOR, ...about })}\n`;
  for (const event of events) yield `${lineOfEvent(event)}\n`;
}
