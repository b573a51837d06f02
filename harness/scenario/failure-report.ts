import { eventText } from '../report/event-text.ts';
import { findingLine } from '../report/finding-text.ts';
import { counted } from '../report/format-number.ts';
import { repeatCommand, runText } from './repeat-command.ts';
import type { DocumentResult, RunFailure } from './run-document.ts';

/** So many runs of one document are told in full. */
const TOLD_IN_FULL = 2;
/** Of the others, so many by name. */
const NAMED = 8;

/**
 * What went wrong with a document, as lines for a person: which run, what was expected of it and what came, the latest events, what
 * each half waited for, and the command that makes exactly this run again. No lines if nothing did.
 */
export function failureReport({ document: { file, scenario }, runs, failures }: DocumentResult): string[] {
  if (failures.length === 0) return [];
  const lines = [`${file}: ${failures.length} of ${counted(runs, 'run')} failed: ${scenario.title}`];
  for (const failure of failures.slice(0, TOLD_IN_FULL)) lines.push(...failureLines(file, failure));
  const others = failures.slice(TOLD_IN_FULL);
  if (others.length > 0) {
    const named = others.slice(0, NAMED).map(({ run }) => runText(run));
    const rest = others.length > NAMED ? [`${others.length - NAMED} more`] : [];
    lines.push(`  so did: ${[...named, ...rest].join('; ')}`);
  }
  return lines;
}

function failureLines(file: string, { run, mismatches, outcome, waits, events, findings }: RunFailure): string[] {
  return [
    `  ${runText(run)}: ${outcome}, seed ${run.scenario.seed}`,
    ...mismatches.map(({ path, expected, got }) => `    ${path}: expected ${expected}, got ${got}`),
    ...(events.length === 0 ? [] : ['    the last events:']),
    ...events.map((event) => `      ${String(event.seq).padStart(6)}  ${eventText(event).trimEnd()}`),
    ...waits.map((wait) => `    ${wait}`),
    ...findings.map((finding) => `    finding: ${findingLine(finding)}`),
    `    again: ${repeatCommand(file, run)}`,
  ];
}
