import { relative } from 'node:path';
import type { MatcherState } from 'vitest';
import { compareGolden } from '../golden/compare-golden.ts';
import { readGolden, writeGolden } from '../golden/golden-file.ts';
import { inTurn, otherWriter, wroteGolden } from '../golden/golden-owners.ts';
import { goldenPath } from '../golden/golden-path.ts';
import { goldenText } from '../golden/golden-text.ts';
import { judge } from '../judged/judge.ts';
import type { Judged } from '../judged/judged.ts';
import { MatcherError } from '../judged/matcher-error.ts';
import { runnerSettings } from '../runner-settings.ts';
import type { MatcherResult } from './ask.ts';
import { checkOptions } from './check-argument.ts';
import { failureMessage } from './failure-message.ts';
import { repeatTest } from './repeat-test.ts';
import { tracedItems } from './traced-items.ts';
import { patienceOf, WAIT_KEYS, type WaitOptions } from './wait-options.ts';

/** What came of comparing with a golden trace. */
interface Compared {
  readonly pass: boolean;
  readonly headline: string;
  readonly details: readonly string[];
}

/**
 * Its trace is the golden one, step by step, without times. What is missing is written, what differs with `-u`, as vitest's snapshots
 * are: in CI nothing is written, and what is missing fails.
 */
export async function toMatchTrace(
  state: MatcherState,
  subject: unknown,
  name: string,
  options: WaitOptions = {},
): Promise<MatcherResult> {
  checkOptions('toMatchTrace', options, WAIT_KEYS);
  const { root } = runnerSettings();
  const path = goldenPath(root, name);
  if (state.poll === true)
    throw new MatcherError('MATCHER_ARGUMENT_INVALID', 'Wrong use of toMatchTrace', 'expect(…)', 'expect.poll(…)');
  const judged = await judge(
    subject,
    patienceOf(state, options, ({ outcome }) => outcome !== 'open'),
  );
  if (judged.complaints.length > 0) {
    const headline = 'The document is not as it says';
    return { pass: state.isNot, message: () => failureMessage(state, subject, judged, headline, judged.complaints) };
  }
  const made = madeText(judged);
  const { pass, headline, details } = await inTurn(path, () => compared(state, path, relative(root, path), made));
  return { pass, message: () => failureMessage(state, subject, judged, headline, details) };
}

function madeText(judged: Judged): string {
  const { trace, what } = judged;
  if (trace === null)
    throw new MatcherError(
      'SUBJECT_UNKNOWING',
      'Wrong subject of toMatchTrace',
      'one with a trace',
      `${what} without one`,
    );
  return goldenText(tracedItems(judged), trace.connection);
}

async function compared(state: MatcherState, path: string, shown: string, made: string): Promise<Compared> {
  const { isNot, snapshotState } = state;
  const mode = snapshotState.snapshotUpdateState;
  const [id, title] = [state.task?.id ?? '', state.currentTestName ?? ''];
  const golden = await readGolden(path);
  if (golden === null) {
    if (mode === 'none' || isNot) {
      if (!isNot) snapshotState.unmatched = count(snapshotState.unmatched);
      const why = isNot ? 'behind .not none is written' : 'in CI none is written: run it where you work, or with -u';
      return { pass: isNot, headline: `There is no golden trace ${shown}; ${why}`, details: [] };
    }
    await writeGolden(path, made);
    wroteGolden(path, id, title);
    snapshotState.added = count(snapshotState.added);
    return { pass: true, headline: '', details: [] };
  }
  const parting = await compareGolden(golden, made, shown);
  if (isNot)
    return {
      pass: parting.length === 0,
      headline: `Expected another trace than ${shown}, but it is the same`,
      details: [],
    };
  if (parting.length === 0) {
    snapshotState.matched = count(snapshotState.matched);
    return { pass: true, headline: '', details: [] };
  }
  const other = otherWriter(path, id);
  if (mode === 'all' && other === null) {
    await writeGolden(path, made);
    wroteGolden(path, id, title);
    snapshotState.updated = count(snapshotState.updated);
    return { pass: true, headline: '', details: [] };
  }
  snapshotState.unmatched = count(snapshotState.unmatched);
  if (other !== null) {
    const headline = `Two tests write the golden trace ${shown}, and not the same: ${JSON.stringify(other)} did before`;
    return { pass: false, headline, details: parting };
  }
  const again = repeatTest(state);
  const update = again === null ? [] : ['', `if that is on purpose: ${again} -u`];
  return { pass: false, headline: `The trace is not the golden one, ${shown}`, details: [...parting, ...update] };
}

/** One more. Vitest's counters give their total as a number, and take one. */
function count(counter: { valueOf(): number }): number {
  return counter.valueOf() + 1;
}
