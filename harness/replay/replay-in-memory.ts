import type { Recorder } from '../../src/trace/recorder.ts';
import { findingsOf } from '../scenario/judge-run.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { runScenario } from '../sim/run-scenario.ts';
import type { ReplayResult } from './replay-result.ts';

/** Drives the engine with a conversation, on its virtual clock. Throws what a scenario that cannot be run throws. */
export function replayInMemory(scenario: Scenario, dialect: string, recorder: Recorder | null = null): ReplayResult {
  const { outcome, direction, error, counts, delivered, waits } = runScenario(scenario, { dialect, recorder });
  const isRight =
    outcome === 'completed' && counts.aToB === delivered.aToB.length && counts.bToA === delivered.bToA.length;
  return {
    outcome,
    direction,
    code: error?.code ?? null,
    counts,
    arrived: [delivered.aToB, delivered.bToA],
    waits: waits.map(
      ({ direction: of, half, waker }) => `${of} waits to ${half}${waker ? '' : ', and nobody is to wake it'}`,
    ),
    // Made once more, with all that can be seen of it.
    findings: isRight ? [] : findingsOf({ dialect, chunkBytes: null, scenario }),
  };
}
