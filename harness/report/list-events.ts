import type { Finding } from '../../src/diagnose/finding.ts';
import { UsageError } from '../cli/usage-error.ts';
import type { Io } from '../io.ts';
import { eventBatches } from './event-batches.ts';
import type { EventFilter } from './event-filter.ts';
import { EventLines } from './event-lines.ts';
import { EventList } from './event-list.ts';
import { counted, thousands } from './format-number.ts';
import { inspectedItems } from './inspected-item.ts';
import { TraceInspector, type Inspection } from './inspect-trace.ts';
import { NoteCollector } from './note-collector.ts';
import type { TraceInput } from './open-input.ts';
import { Page } from './page.ts';
import { pointedAt, TraceGlance } from './trace-glance.ts';
import { jsonLine, traceJson } from './trace-json.ts';

/** Fits a screen. */
export const DEFAULT_LIMIT = 20;
/** More than that is no list to be kept in memory: "all" writes as it reads. */
export const MAX_LIMIT = 100_000;

export interface ListOptions {
  readonly filter: EventFilter;
  /** Null: all, as they are read. */
  readonly limit: number | null;
  readonly around: number | null;
  readonly firstViolation: boolean;
  readonly json: boolean;
}

/** Lists events of a trace. Returns whether it has met a violation, as far as it has read. */
export async function listEvents(input: TraceInput, options: ListOptions, io: Io): Promise<boolean> {
  if (options.limit === null) {
    await listAll(input, options.filter, io);
    return false;
  }
  // Whoever asks for the first violation of some events does not want that of others.
  const inspector = new TraceInspector(options.firstViolation ? options.filter : null);
  const glance = new TraceGlance();
  const list = new EventList(options.filter, options.limit, options.around);
  let isWhole = true;
  for await (const item of inspectedItems(input.items, io.signal)) {
    inspector.add(item);
    glance.add(item);
    list.add(item);
    const violation = inspector.firstViolation;
    if (options.firstViolation && violation !== null) list.centre(violation.event.seq);
    // For the JSON, which says what the whole trace holds, all of it is read.
    if (!options.json && list.isComplete) {
      isWhole = false;
      break;
    }
  }
  if (io.signal.aborted) return false;
  if (options.around !== null && options.around > inspector.lastSeq) {
    throw new UsageError(`Wrong --around: expected a number from 0 to ${inspector.lastSeq}, got ${options.around}`);
  }
  const found = inspector.finish();
  if (options.firstViolation && found.firstViolation !== null) list.centre(found.firstViolation.event.seq);
  const findings = isWhole ? glance.finish() : glance.soFar();
  if (options.json) {
    const listed = list.finish();
    io.stdout.write(
      jsonLine(traceJson(input, found, { ...listed, events: found.notes.told(listed.events) }, findings)),
    );
  } else showList(list, { found, findings }, options, new Page(io));
  return found.firstViolation !== null;
}

/** Everything, written as it is read: for a pager, `grep`, or `head`. */
async function listAll(input: TraceInput, filter: EventFilter, io: Io): Promise<void> {
  const page = new Page(io);
  const lines = new EventLines(page, { showConnection: true });
  const notes = new NoteCollector();
  lines.heading();
  for await (const events of eventBatches(notes.through(inspectedItems(input.items, io.signal)), filter)) {
    for (const event of notes.told(events)) lines.event(event);
    if (page.isStopped) return;
  }
  page.flush();
}

interface Found {
  readonly found: Inspection;
  readonly findings: readonly Finding[];
}

function showList(list: EventList, { found, findings }: Found, options: ListOptions, page: Page): void {
  const { events, matched, stoppedEarly } = list.finish();
  const violation = found.firstViolation;
  if (options.firstViolation) {
    page.line(violation === null ? 'No event breaks a rule.' : page.paint('red', violation.message));
    if (violation === null) {
      page.flush();
      return;
    }
  }
  const lines = new EventLines(page, {
    showConnection: found.totals.connections().length > 1,
    marked: options.around ?? violation?.event.seq,
    pointedAt: pointedAt(findings),
  });
  if (events.length > 0) lines.heading();
  for (const event of found.notes.told(events)) lines.event(event);
  const left = matched - events.length;
  const more = stoppedEarly ? 'more were not read' : `${thousands(left)} of ${counted(matched, 'event')} left out`;
  if (events.length === 0) page.line('No event passes.');
  else if (left > 0 || stoppedEarly) page.line(page.paint('dim', `${more}: --limit N, --limit all, --around SEQ`));
  page.flush();
}
