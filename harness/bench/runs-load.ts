import { Recorder } from '../../src/trace/recorder.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { World } from '../sim/world.ts';
import { bareLoop } from './bare-loop.ts';
import type { RunsVariant } from './runs-variant.ts';

/** 68 bytes up, 302 down, three polls: what real tokio was measured with. */
export const SCENARIO: Scenario = {
  title: '68 up, 302 down, three polls',
  dialects: ['tokio-1.53.1'],
  options: {},
  seed: 1,
  a: { read: [68, 'p', 'p', 0] },
  b: { read: ['p', 302, 0] },
  plan: { faults: [] },
  expect: { outcome: 'completed', counts: { aToB: 68, bToA: 302 } },
};

/** So many runs, one after the other. Throws if one does not come to what it should. */
export function runsLoad(variant: RunsVariant): (runs: number) => void {
  if (variant === 'bare') return bareRuns();
  return worldRuns(variant === 'traced' ? new Recorder() : null);
}

function worldRuns(recorder: Recorder | null): (runs: number) => void {
  const world = new World();
  const options = { dialect: 'tokio-1.53.1', recorder };
  return (runs) => {
    for (let i = 0; i < runs; i += 1) {
      const { outcome, polls, broken } = world.run(SCENARIO, options);
      if (outcome !== 'completed' || polls !== 3 || broken.length > 0) throw new Error(`A run was ${outcome}`);
    }
  };
}

function bareRuns(): (runs: number) => void {
  const run = bareLoop();
  return (runs) => {
    for (let i = 0; i < runs; i += 1) if (run() !== 3) throw new Error('A run did not take three polls');
  };
}
