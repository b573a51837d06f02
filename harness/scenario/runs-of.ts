import { resolveDialect } from '../../src/copy/dialect.ts';
import { mirrorExpectation, mirrorScenario } from './mirror.ts';
import type { Expectation, Scenario } from './scenario.ts';

/** One run of a scenario: one of its dialects, as it stands or with a and b swapped, its reads cut to a size or not. */
export interface ScenarioRun {
  readonly dialect: string;
  readonly swapped: boolean;
  /** Most bytes that a read gives; null: as the scenario says. */
  readonly chunkBytes: number | null;
  /** The scenario to be run: mirrored if it is swapped. */
  readonly scenario: Scenario;
  readonly expect: Expectation;
}

/** Which of its runs; what is left out is not limited. */
export interface RunFilter {
  readonly dialect?: string | undefined;
  readonly swapped?: boolean | undefined;
  /** `own`: as the scenario says. */
  readonly chunkBytes?: number | 'own' | undefined;
}

/** Each of these, then the powers of two above, up to the size of the buffer. */
const SMALL_CHUNKS = 64;

/** Every run of a scenario: its own first, then the cut ones. A live one is made once in each dialect. */
export function runsOf(scenario: Scenario, filter: RunFilter = {}): ScenarioRun[] {
  const runs: ScenarioRun[] = [];
  for (const dialect of scenario.dialects) {
    if (filter.dialect !== undefined && filter.dialect !== dialect) continue;
    if (scenario.live !== undefined) {
      if (filter.swapped !== true && typeof filter.chunkBytes !== 'number')
        runs.push({ dialect, swapped: false, chunkBytes: null, scenario, expect: scenario.expect });
      continue;
    }
    for (const swapped of [false, true]) {
      if (filter.swapped !== undefined && filter.swapped !== swapped) continue;
      if (swapped && scenario.swapped !== undefined && 'not' in scenario.swapped) continue;
      const side = swapped ? mirrorScenario(scenario) : scenario;
      if (filter.chunkBytes === undefined || filter.chunkBytes === 'own')
        runs.push({ dialect, swapped, chunkBytes: null, scenario: side, expect: side.expect });
      const expect = expectationOfChunks(scenario, side.expect, swapped);
      if (expect === null) continue;
      for (const chunkBytes of chunkSizes(scenario, dialect)) {
        if (filter.chunkBytes !== undefined && filter.chunkBytes !== chunkBytes) continue;
        runs.push({ dialect, swapped, chunkBytes, scenario: side, expect: expectationAt(chunkBytes, expect) });
      }
    }
  }
  return runs;
}

/** What depends on how the bytes are cut is not expected, unless it is stated for the cut runs. Null: they are not made. */
function expectationOfChunks({ chunks }: Scenario, own: Expectation, swapped: boolean): Expectation | null {
  if (chunks === undefined) {
    const { events: _events, never: _never, golden: _golden, findings, ...rest } = own;
    return findings?.length === 0 ? { ...rest, findings } : rest;
  }
  if ('not' in chunks) return null;
  return swapped ? mirrorExpectation(chunks) : chunks;
}

/**
 * A run whose findings are looked for is recorded and made once more: that is done at the powers of two alone, for at each size it
 * would take most of the time.
 */
function expectationAt(chunkBytes: number, expect: Expectation): Expectation {
  if ((chunkBytes & (chunkBytes - 1)) === 0) return expect;
  const { findings: _findings, ...rest } = expect;
  return rest;
}

function chunkSizes({ options }: Scenario, dialect: string): number[] {
  const set = options.bufferBytes ?? resolveDialect(dialect).bufferBytes;
  const most = typeof set === 'number' ? set : Math.max(set.aToB, set.bToA);
  const sizes = Array.from({ length: SMALL_CHUNKS }, (_, index) => index + 1);
  for (let size = SMALL_CHUNKS * 2; size <= most; size *= 2) sizes.push(size);
  return sizes;
}
