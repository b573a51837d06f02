import type { TraceEvent } from '../../src/trace/trace-event.ts';
import type { EventFilter } from './event-filter.ts';
import { SLICE_RECORDS, type InspectedItem } from './inspected-item.ts';
import { RecordRuns } from './record-runs.ts';
import { RecordWindow } from './record-window.ts';

/** All events of a trace that pass a filter, in order, some at a time. */
export async function* eventBatches(
  items: AsyncIterable<InspectedItem>,
  filter: EventFilter,
): AsyncGenerator<readonly TraceEvent[]> {
  const runs = new RecordRuns(filter);
  const window = new RecordWindow(4 * SLICE_RECORDS);
  let done = 0;
  for await (const item of items) {
    for (const { words, firstSeq } of runs.of(item)) {
      window.append(words, firstSeq);
      if (window.end - done < SLICE_RECORDS) continue;
      // The last event may have extensions that are still to come.
      const until = window.back(window.end, 1);
      yield window.events(done, until);
      done = until;
    }
  }
  if (done < window.end) yield window.events(done, window.end);
}
