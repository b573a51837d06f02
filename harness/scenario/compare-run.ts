import type { CopyCounts } from '../../src/copy/copy-error.ts';
import type { Finding } from '../../src/diagnose/finding.ts';
import type { Direction } from '../../src/poll/direction.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import { eventText } from '../report/event-text.ts';
import type { RunResult } from '../sim/run-result.ts';
import { oneSpace } from './event-line.ts';
import type { Expectation, RunOutcomeName } from './scenario.ts';
import { shownValue } from './scenario-error.ts';

/** An expectation that a run does not meet. */
export interface Mismatch {
  /** `expect.counts.aToB` */
  readonly path: string;
  readonly expected: string;
  readonly got: string;
}

/** What a run came to, in memory or live. */
export interface Compared {
  readonly outcome: RunOutcomeName;
  readonly direction: Direction | null;
  /** Of the error that it failed with. */
  readonly code: string | null;
  readonly counts: CopyCounts;
  readonly delivered: { readonly aToB: Uint8Array; readonly bToA: Uint8Array };
}

/** Where a run in memory differs from what was expected of it. @param events are null where there was no recorder. */
export function compareRun(expect: Expectation, run: RunResult, events: readonly TraceEvent[] | null): Mismatch[] {
  const { outcome, direction, counts, delivered } = run;
  const found = compareOutcome(expect, { outcome, direction, counts, delivered, code: run.error?.code ?? null });
  found.push(...compareLaws(expect, run), ...compareWaits(expect, run));
  if (events !== null) found.push(...compareEvents(expect, events));
  return found;
}

/** Where what a run came to differs from what was expected. */
export function compareOutcome(expect: Expectation, run: Compared): Mismatch[] {
  const found: Mismatch[] = [];
  const check = (path: string, expected: unknown, got: unknown): void => {
    if (expected !== undefined && !Object.is(expected, got))
      found.push({ path, expected: shownValue(expected), got: shownValue(got ?? undefined) });
  };
  check('outcome', expect.outcome, run.outcome);
  check('direction', expect.direction, run.direction);
  check('code', expect.code, run.code);
  for (const direction of ['aToB', 'bToA'] as const) {
    check(`counts.${direction}`, expect.counts?.[direction], run.counts[direction]);
    const delivered = expect.delivered?.[direction];
    const got = run.delivered[direction];
    check(
      `delivered.${direction}`,
      delivered,
      typeof delivered === 'string' ? Buffer.from(got).toString() : got.length,
    );
  }
  return found;
}

function compareLaws(expect: Expectation, { broken }: RunResult): Mismatch[] {
  const expected = new Set(expect.breaks);
  const surplus = broken.filter(({ law }) => !expected.has(law));
  const found = surplus.map(({ law, direction, message }) => ({
    path: 'breaks',
    expected: `no breach of ${law}`,
    got: `${direction}: ${message}`,
  }));
  for (const law of expected) {
    if (!broken.some((one) => one.law === law))
      found.push({ path: 'breaks', expected: `a breach of ${law}`, got: 'none' });
  }
  return found;
}

function compareWaits(expect: Expectation, run: RunResult): Mismatch[] {
  if (expect.waits === undefined) return [];
  const got = run.waits.map(({ direction, half, waker }) => waitText(direction, half, waker)).sort();
  const matches = expect.waits.map(({ direction, half, waker }) => {
    const actual = run.waits.find((one) => one.direction === direction && one.half === half);
    return waitText(direction, half, waker ?? actual?.waker ?? true);
  });
  const expected = matches.sort();
  return expected.join() === got.join() ? [] : [{ path: 'waits', expected: listText(expected), got: listText(got) }];
}

function waitText(direction: string, half: string, waker: boolean): string {
  return `${direction} ${half}${waker ? '' : ' without a waker'}`;
}

/** Where what was found in a run differs from what was expected. */
export function compareFindings(expect: Expectation, findings: readonly Finding[]): Mismatch[] {
  if (expect.findings === undefined) return [];
  const expected = expect.findings.map(findingText).sort();
  const got = findings.map(findingText).sort();
  if (expected.join() === got.join()) return [];
  return [{ path: 'findings', expected: listText(expected), got: listText(got) }];
}

function findingText({ class: name, direction }: Pick<Finding, 'class' | 'direction'>): string {
  return `${name} (${direction})`;
}

function listText(items: readonly string[]): string {
  return items.length === 0 ? 'nothing' : items.join(', ');
}

/** Each line is the beginning of an event's; they come in this order, with any others between. */
function compareEvents(expect: Expectation, events: readonly TraceEvent[]): Mismatch[] {
  if (expect.events === undefined && expect.never === undefined) return [];
  const lines = events.map((event) => oneSpace(eventText(event)));
  const found: Mismatch[] = [];
  let next = 0;
  let after = 'the beginning';
  for (const [index, wanted] of (expect.events ?? []).entries()) {
    const at = lines.findIndex((line, position) => position >= next && line.startsWith(oneSpace(wanted)));
    if (at === -1) {
      found.push({ path: `events[${index}]`, expected: shownValue(wanted), got: `no such event after ${after}` });
      break;
    }
    next = at + 1;
    after = shownValue(lines[at]);
  }
  for (const [index, unwanted] of (expect.never ?? []).entries()) {
    const line = lines.find((one) => one.startsWith(oneSpace(unwanted)));
    if (line !== undefined)
      found.push({ path: `never[${index}]`, expected: `no event ${shownValue(unwanted)}`, got: shownValue(line) });
  }
  return found;
}
