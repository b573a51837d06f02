import { expect, test } from 'vitest';
import { diagnoseRun } from '../../harness/sim/diagnose-run.ts';
import { World } from '../../harness/sim/world.ts';
import type { FaultEntry } from '../../harness/faults/fault-plan.ts';
import type { EngineName } from '../../harness/sim/engines/engine-names.ts';
import type { Scenario } from '../../harness/scenario/scenario.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { ringItems } from '../../src/trace/ring-snapshot.ts';
import { scenarioOf } from '../sim/scenario-of.ts';

/**
 * A defect that shows only after a long healthy part is found from a ring that has wrapped: the first 256 records, and the
 * latest 1024. What the gap has swallowed is held against nobody.
 */

const LONG = 20_000;
/** 10 bytes at a time: 2000 reads of a, and as many writes of b. */
const CHUNK = 10;

interface Case {
  readonly fault?: FaultEntry;
  readonly engine?: EngineName;
  readonly a?: Scenario['a'];
  readonly b?: Scenario['b'];
  readonly dialect?: string;
}

function findingsOf({ fault, engine, a, b, dialect = 'tokio-1.24.1' }: Case): string[] {
  const scenario = scenarioOf({
    a: a ?? { read: [{ bytes: LONG }] },
    b: b ?? { read: [{ received: LONG }, 5] },
    plan: { faults: fault === undefined ? [] : [fault] },
    options: engine === undefined ? {} : { engine },
  });
  const recorder = new Recorder({ keptRecords: 256, ringRecords: 1024 });
  const result = new World().run(scenario, { dialect, recorder, beneath: true, chunkBytes: CHUNK });
  const firsts = [...ringItems(recorder.buffer)].flatMap((item) => (item.kind === 'records' ? [item.firstSeq] : []));
  expect(firsts.length).toBeGreaterThan(1);
  return diagnoseRun(recorder, dialect, result).map((finding) => `${finding.class} ${finding.direction}`);
}

const late = { when: { call: 1900 } } as const;
const took = Array.from({ length: 1899 }, () => CHUNK);

test.each<[string, Case]>([
  ['zero-write', { fault: { fault: 'zero-write', side: 'b', ...late } }],
  ['os-over-report', { fault: { fault: 'kernel-filter', side: 'b', by: 4, ...late } }],
  ['false-eof', { fault: { fault: 'empty-read', side: 'a', ...late } }],
  ['zero-capacity', { fault: { fault: 'no-room', side: 'a', ...late } }],
  [
    'read-cursor-regression',
    {
      fault: { fault: 'count', by: -30, side: 'a', half: 'read', when: { call: 1901 } },
      b: { write: [...took, 4, 'p'], read: [{ received: LONG }, 5] },
    },
  ],
  ['resume-offset-lost', { engine: 'forgets-its-slice', b: { write: [...took, 4, 'p'] } }],
  ['resume-offset-lost', { engine: 'forgets-its-place', b: { write: [...took, 4, 'p'] } }],
  ['read-after-eof', { engine: 'forgets-the-end', b: { flush: ['p'] } }],
  ['polled-after-done', { engine: 'forgets-it-is-done', b: { read: [{ received: LONG }, 5, { waitMs: 5 }, 5] } }],
  ['buffered-data-lost', { a: { read: [{ bytes: LONG }, 'e'] }, b: { write: [...took, ...took.slice(0, 100), 'p'] } }],
])('%s is found after a long healthy part', (name, one) => {
  expect(findingsOf(one)).toEqual([`${name} a -> b`]);
});

test.each(['tokio-1.9.0', 'tokio-1.24.1', 'tokio-1.53.1', 'checked'])(
  'in a long healthy run nothing is found: %s',
  (dialect) => {
    expect(findingsOf({ dialect })).toEqual([]);
    expect(findingsOf({ dialect, b: { write: [...took, 4, 'p'], read: [{ received: LONG }, 5] } })).toEqual([]);
  },
);
