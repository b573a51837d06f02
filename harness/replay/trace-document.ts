import { isDeepStrictEqual } from 'node:util';
import { RelayscopeError } from '../../src/errors.ts';
import { scenarioText } from '../explore/scenario-text.ts';
import { MAX_ENTRIES } from '../scenario/scenario-schema.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { CALLS } from '../sim/script.ts';
import { replayInDialect, scenarioFor } from './replay-in-dialect.ts';
import type { TraceReplay } from './replay-trace.ts';
import { traceToScenario } from './trace-to-scenario.ts';
import { resolveDialect } from '../../src/copy/dialect.ts';

/** So many polls of a storm are written down; the rest of them were the same. */
const STORM_POLLS = 100;
const NOT_OTHERWISE = 'it is a record of calls as they were made';

/**
 * A replayed connection as a scenario document, which expects what the replay came to. Throws REPLAY_NO_DOCUMENT where the
 * dialects come to different ends, or the record is too long for one, and SCENARIO_MALFORMED where it would be too large.
 */
export function traceDocument({ connection, trace, dialect, replays }: TraceReplay, name: string): string {
  const dialects = replays.map((replay) => replay.dialect);
  const [first = 'checked', ...others] = dialects;
  const isStorm = replays.some(({ outcome }) => outcome === 'livelocked');
  const own = dialect === null ? null : resolveDialect(dialect);
  const written = isStorm ? traceToScenario(connection, { dialect: own, maxPolls: STORM_POLLS }) : trace;
  const { scenario } = written;
  const shortened = { ...scenario, options: { ...scenario.options, ...(isStorm ? { maxPolls: STORM_POLLS } : {}) } };
  const document = { ...written, scenario: shortened };
  const { expect } = replayInDialect(document, first);
  for (const other of others) {
    const found = replayInDialect(document, other).expect;
    if (!isDeepStrictEqual(found, expect) || !isDeepStrictEqual(optionsOf(first), optionsOf(other)))
      throw new RelayscopeError(
        'REPLAY_NO_DOCUMENT',
        `One document cannot tell of both ${first} (${expect.outcome}) and ${other} (${found.outcome}): expected dialects that come to the same`,
      );
  }
  const entries = Math.max(...[scenario.a, scenario.b].flatMap((side) => CALLS.map((call) => side[call]?.length ?? 0)));
  if (entries > MAX_ENTRIES)
    throw new RelayscopeError(
      'REPLAY_NO_DOCUMENT',
      `The record is too long for a document: expected at most ${MAX_ENTRIES} answers of one kind of call, got ${entries}`,
    );
  const full: Scenario = {
    ...scenarioFor(document, first),
    dialects,
    expect,
    swapped: { not: NOT_OTHERWISE },
    chunks: { not: NOT_OTHERWISE },
  };
  return scenarioText(full, prose());

  function optionsOf(one: string): Scenario['options'] {
    return scenarioFor(document, one).options;
  }

  function prose(): string {
    const from = `What each side answered in connection ${connection.connection} of ${name}`;
    const recorded = `recorded ${dialect === null ? '' : `in ${dialect} `}as ${trace.recorded.outcome}`;
    const assumed = trace.assumptions.map((text) => `Assumed: ${text}.`).join(' ');
    return `${from}, ${recorded}, with its waits in virtual time. ${assumed}`.trim();
  }
}
