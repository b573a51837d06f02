import type { Finding } from '../../src/diagnose/finding.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import type { DiagnosedTrace } from './diagnose-trace.ts';
import { EventLines } from './event-lines.ts';
import type { Page } from './page.ts';

/** Beside the proof, so many other events that a finding points at are shown: the first ones, and the latest. */
const SHOWN_FIRST = 2;
const SHOWN_LATEST = 2;

/** The events that a finding points at, in order, with a few around the one that proves it. */
export function proofEvents(finding: Finding, { excerptOf }: Pick<DiagnosedTrace, 'excerptOf'>): TraceEvent[] {
  const events = new Map<number, TraceEvent>();
  const others = finding.evidence.events.filter((seq) => seq !== finding.seq);
  const shown = new Set([...others.slice(0, SHOWN_FIRST), ...others.slice(-SHOWN_LATEST)]);
  for (const seq of [...shown, finding.seq]) {
    const excerpt = excerptOf(seq);
    if (excerpt === null) continue;
    const around = seq === finding.seq ? [...excerpt.before, excerpt.event, ...excerpt.after] : [excerpt.event];
    for (const event of around) if (event.kind !== 'gap' || !events.has(event.seq)) events.set(event.seq, event);
  }
  return [...events.values()].sort((one, other) => one.seq - other.seq);
}

export function showProof(page: Page, finding: Finding, trace: DiagnosedTrace): void {
  const events = proofEvents(finding, trace);
  if (events.length === 0) {
    page.line(`     event ${finding.seq}, which is not at hand`);
    return;
  }
  const pointedAt = new Map(finding.evidence.events.map((seq) => [seq, seq === finding.seq ? 'proof' : '']));
  const showTime = events.some(({ tickMs }) => tickMs > 0);
  const lines = new EventLines(page, { showConnection: false, showTime, pointedAt });
  const own = trace.excerptOf(finding.seq);
  let before: number | null = null;
  for (const event of events) {
    // What stands around the proof belongs together; between others something may be left out.
    const isAround =
      own !== null && (own.before.includes(event) || own.after.includes(event) || event.seq === finding.seq);
    if (before !== null && event.seq > before + 1 && !isAround) page.line('        …');
    lines.event(event);
    before = event.seq;
  }
}
