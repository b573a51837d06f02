import type { MatcherState } from 'vitest';
import { eventText } from '../../report/event-text.ts';
import { findingLine } from '../../report/finding-text.ts';
import type { Judged } from '../judged/judged.ts';
import { keepTrace } from './keep-trace.ts';
import { repeatTest } from './repeat-test.ts';

/** So many of the latest events are shown, as of a document that fails. */
const LAST_EVENTS = 12;
const SHOWN_FINDINGS = 3;

/**
 * What a matcher says when it fails: the headline and what belongs to it, the last events, what each half waits for, what was found,
 * where the trace is, and the command that makes it again. The trace is saved now, and attached to the test.
 */
export function failureMessage(
  state: MatcherState,
  subject: unknown,
  judged: Judged,
  headline: string,
  details: readonly string[],
): string {
  const { trace, waits, repeat } = judged;
  const events = trace?.latest(LAST_EVENTS) ?? [];
  const findings = trace?.findings() ?? [];
  const kept = keepTrace(state, subject, judged);
  const again = repeat ?? repeatTest(state);
  const lines = [
    headline,
    ...indented(details),
    ...(events.length === 0 ? [] : ['the last events:']),
    ...events.map((event) => `${String(event.seq).padStart(8)}  ${eventText(event).trimEnd()}`),
    ...indented(waits),
    ...indented(findings.slice(0, SHOWN_FINDINGS).map((finding) => `finding: ${findingLine(finding)}`)),
    ...indented(findings.length > SHOWN_FINDINGS ? [`and ${findings.length - SHOWN_FINDINGS} more findings`] : []),
    ...indented(kept === null ? [] : [kept]),
    ...indented(again === null ? [] : [`again: ${again}`]),
  ];
  return lines.join('\n');
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
