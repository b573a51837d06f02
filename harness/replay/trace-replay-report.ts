import { printable } from '../../src/printable.ts';
import { findingLine } from '../report/finding-text.ts';
import { counted, thousands } from '../report/format-number.ts';
import type { Page } from '../report/page.ts';
import { textTable } from '../report/text-table.ts';
import { familyOf, isSameFamily } from './dialect-family.ts';
import type { DialectReplay } from './replay-in-dialect.ts';
import type { TraceReplay } from './replay-trace.ts';

const MAX_NAME_CHARS = 200;
/** Of a replay in one dialect so many waits are shown. */
const MAX_WAITS = 4;
const MAX_FINDINGS = 4;

/** Writes it for a person: what was recorded, what came of it again, and what was assumed. */
export function traceReplayReport(page: Page, name: string, replay: TraceReplay): void {
  const { connection, trace, dialect, replays } = replay;
  const { about, of } = connection;
  const { outcome, direction, code, by } = trace.recorded;
  const others = of > 1 ? ` of ${thousands(of)}` : '';
  page.row('trace', `${name}, connection ${connection.connection}${others}`);
  if (about.title !== undefined) page.row('what', printable(about.title, MAX_NAME_CHARS));
  const ended = { verdict: 'by its verdict', end: 'by how it ended', events: 'by its last events' }[by];
  const how = [outcome, direction, code].filter((part) => part !== null).join(' ');
  page.row('recorded', `${dialect ?? 'no dialect that is known here'}: ${printable(how)} (${ended})`);
  const [first, ...more] = replays;
  if (first !== undefined && more.length === 0) one(page, first);
  else if (replays.length > 0) table(page, replays);
  for (const text of trace.assumptions) page.row('assumed', printable(text, 1000));
  page.line();
  page.line(verdictText(replay));
  page.flush();
}

function one(page: Page, replay: DialectReplay): void {
  const { dialect, counts, delivered, polls, waits, findings, message, beyond } = replay;
  page.row('replayed', `${dialect}: ${outcomeText(replay)}, ${counted(polls, 'poll')}`);
  if (message !== null) page.row('', printable(message, 1000));
  page.row('a -> b', `${counts.aToB} bytes reported as written, ${delivered.aToB} got`);
  page.row('b -> a', `${counts.bToA} bytes reported as written, ${delivered.bToA} got`);
  for (const { direction, half, waker } of waits.slice(0, MAX_WAITS))
    page.row('', `${direction} waits to ${half}${waker ? '' : ', and nobody is to wake it'}`);
  for (const finding of findings.slice(0, MAX_FINDINGS)) page.row('finding', findingLine(finding));
  page.row('steps', stepsText(replay));
  if (beyond.length > 0) page.row('beyond', `calls that the record has no answer for: ${beyond.join(', ')}`);
}

/** Calls, iterations and changes of state: how many are as recorded, and what comes then. */
function stepsText({ sameSteps, departure }: DialectReplay): string {
  const same = `${counted(sameSteps, 'step')} as recorded`;
  if (departure === null) return `${same}, to the end of the record`;
  const { recorded, replayed } = departure;
  const was = recorded === null ? 'the record ends' : `recorded "${short(recorded.text)}" (seq ${recorded.seq})`;
  return `${same}; then ${was}, replayed ${replayed === null ? 'nothing more' : `"${short(replayed.text)}"`}`;
}

function short(text: string): string {
  return printable(text.replaceAll(/ {2,}/g, ' '), MAX_NAME_CHARS);
}

function table(page: Page, replays: readonly DialectReplay[]): void {
  const rows = replays.map((replay) => {
    const { dialect, counts, sameSteps, departure } = replay;
    const steps = departure === null ? `all ${sameSteps}` : `first ${sameSteps}`;
    return [
      dialect,
      familyOf(dialect) ?? '',
      outcomeText(replay),
      String(counts.aToB),
      String(counts.bToA),
      endText(replay),
      steps,
    ];
  });
  page.line();
  const names = ['dialect', 'releases', 'outcome', 'a -> b', 'b -> a', 'ends', 'steps as recorded'];
  for (const line of textTable(names, rows, page.columns)) page.line(line);
  page.line();
}

function endText({ agrees, isStuck, isAtItsEnd }: DialectReplay): string {
  if (agrees) return 'as recorded';
  if (isStuck) return 'stuck';
  return isAtItsEnd ? 'waits: the record ends' : 'otherwise';
}

function outcomeText({ outcome, direction, code }: DialectReplay): string {
  return [outcome, direction, outcome === 'failed' ? code : null].filter((part) => part !== null).join(' ');
}

function verdictText({ dialect, replays, trace }: TraceReplay): string {
  const own = replays.find((replay) => isSameFamily(replay.dialect, dialect));
  const stuck = replays.filter(({ isStuck }) => isStuck);
  const parts: string[] = [];
  if (own !== undefined) parts.push(ownText(own));
  if (replays.length > 1) {
    const same = replays.filter(({ agrees }) => agrees);
    parts.push(`${same.length} of ${replays.length} dialects end as recorded (${trace.recorded.outcome}).`);
    if (stuck.length > 0) parts.push(`It would have hung in ${stuck.length}.`);
    if (own === undefined) parts.push(likelyText(same));
  } else if (own === undefined) {
    if (stuck.length > 0) parts.push('It would have hung.');
    else parts.push(replays.some(({ agrees }) => agrees) ? 'It ends as recorded.' : 'It does not end as recorded.');
  }
  return parts.join(' ');
}

/** Where the trace does not say its dialect, what was done step by step tells it. */
function likelyText(same: readonly DialectReplay[]): string {
  const likely = same.filter(({ departure }) => departure === null).map(({ dialect }) => familyOf(dialect) ?? dialect);
  return likely.length === 0
    ? 'None of them does step by step what was recorded.'
    : `Step by step as recorded: ${likely.join(', ')}.`;
}

function ownText({ agrees, departure }: DialectReplay): string {
  if (!agrees) return 'In its own dialect it does not end as recorded.';
  return departure === null
    ? 'In its own dialect it does again what was recorded.'
    : 'In its own dialect it ends as recorded, but does not do the same before.';
}

/** The one object of `--json`. */
export function traceReplayObject(name: string, { connection, trace, dialect, replays }: TraceReplay): object {
  return {
    schema: 1,
    trace: name,
    connection: connection.connection,
    connections: connection.of,
    missing: connection.missing,
    recorded: { dialect, ...trace.recorded },
    assumptions: trace.assumptions,
    replays: replays.map(({ expect: _expect, ...replay }) => ({ ...replay, releases: familyOf(replay.dialect) })),
  };
}
