import { describe, expect, test } from 'vitest';
import type { FaultPlan } from '../../../harness/faults/fault-plan.ts';
import type { SideEntry } from '../../../harness/scenario/scenario.ts';
import { diagnoseRun } from '../../../harness/sim/diagnose-run.ts';
import { runScenario } from '../../../harness/sim/run-scenario.ts';
import { Recorder } from '../../../src/trace/recorder.ts';
import { snapshotRing } from '../../../src/trace/ring-snapshot.ts';
import { scenarioOf } from '../../sim/scenario-of.ts';

/**
 * A defect that shows only after a long healthy part: what is left of that are the first records, which a recorder keeps, and
 * the latest, among which the defect stands.
 */

/** Of seven sizes in turn: a stream that hands on what it is offered is told from one that keeps a message back. */
const HEALTHY: SideEntry[] = Array.from({ length: 600 }, (_, index) => [50 + (index % 7), 'p' as const]).flat();
const LAST: SideEntry[] = [68, 'p', 20, 'p', 30, 'p', 40, 'p', 45, 'p'];
/** The write of the 68 bytes. */
const DEFECT_CALL = 601;

function findingsOf(fault: FaultPlan['faults'][number], dialect: string, recorder: Recorder): string[] {
  const scenario = scenarioOf({
    a: { read: [...HEALTHY, ...LAST] },
    b: { read: [302, { received: 31_000 }] },
    plan: { faults: [{ ...fault, side: 'b', when: { call: DEFECT_CALL } }] },
  });
  const result = runScenario(scenario, { dialect, recorder, beneath: true });
  return diagnoseRun(recorder, dialect, result).map(({ class: name, direction }) => `${name} ${direction}`);
}

/** Enough for the latest part alone. */
function smallRecorder(): Recorder {
  return new Recorder({ keptRecords: 100, ringRecords: 1100 });
}

const DEFECTS: readonly [FaultPlan['faults'][number], dialect: string, name: string][] = [
  [{ fault: 'count', by: 1 }, 'tokio-1.12.0', 'over-report-spin'],
  [{ fault: 'count', by: 1 }, 'tokio-1.53.1', 'over-report-masked'],
  [{ fault: 'count-nan' }, 'tokio-1.12.0', 'over-report-spin'],
  [{ fault: 'partial-over-report', by: 1 }, 'tokio-1.53.1', 'partial-over-report'],
  [{ fault: 'swallow' }, 'checked', 'partial-over-report'],
  [{ fault: 'retry-grown' }, 'tokio-1.53.1', 'retry-grown'],
  [{ fault: 'stale-length' }, 'tokio-1.12.0', 'retry-shrunk'],
  [{ fault: 'count', by: -1 }, 'checked', 'under-report'],
  [{ fault: 'taken-twice' }, 'checked', 'under-report'],
];

describe('named from a ring that has wrapped', () => {
  test.each(DEFECTS)('%j in %s is %s', (fault, dialect, name) => {
    const recorder = smallRecorder();
    expect(findingsOf(fault, dialect, recorder)).toEqual([`${name} a -> b`]);
    const [first, latest, ...others] = snapshotRing(recorder.buffer, 0);
    expect(others).toEqual([]);
    // Records are missing between the two, and most of them.
    expect((latest?.firstSeq ?? 0) - (first?.words.length ?? 0) / 8).toBeGreaterThan(2000);
  });
});

test('nothing is found in the same copies where nothing is wrong', () => {
  const benign = { fault: 'short', bytes: 7, half: 'write' } as const;
  for (const dialect of ['tokio-1.12.0', 'tokio-1.38.0', 'tokio-1.53.1', 'checked'])
    expect(findingsOf(benign, dialect, smallRecorder())).toEqual([]);
});
