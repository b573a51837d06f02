import { parseScenarioObject } from '../../harness/scenario/parse-scenario.ts';
import { runScenario } from '../../harness/sim/run-scenario.ts';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FaultPlan } from '../../harness/faults/fault-plan.ts';
import { POLL_FAULTS } from '../../harness/faults/poll/poll-faults.ts';
import type { DialectName } from '../../src/copy/dialect.ts';
import { CASES, REQUEST, RESPONSE, STORY, type Case, type Peers } from './support/cases.ts';
import { manualClock } from './support/manual-clock.ts';
import { Peer } from './support/peer.ts';
import { runFaulty, type FaultyRun } from './support/run-faulty.ts';

const FAITHFUL = 'tokio-1.24.1';
const WHOLE = 'completed; a got 302 and the end; b got 68 and the end';

interface Told extends FaultyRun {
  readonly said: string;
  readonly a: Peer;
  readonly b: Peer;
}

function run(plan: FaultPlan, dialect: DialectName, peers: Peers = STORY): Told {
  const clock = manualClock();
  const [a, b] = [new Peer(peers[0], clock), new Peer(peers[1], clock)];
  const result = runFaulty(a, b, plan, { clock, dialect });
  const got = (peer: Peer): string => `${peer.got.length}${peer.ended ? ' and the end' : ''}`;
  return { ...result, said: `${result.outcome}; a got ${got(a)}; b got ${got(b)}`, a, b };
}

function runCase(fault: string, { fault: fields, peers = STORY }: Case, dialect: DialectName): Told {
  return run({ faults: [{ ...fields, fault }] }, dialect, peers);
}

const cases = Object.entries(CASES).flatMap(([fault, list]) => list.map((one) => [fault, one] as const));

test('the same peers without a fault come through whole', () => {
  for (const [fault, one] of cases) {
    for (const dialect of [one.dialect ?? FAITHFUL, 'checked'] as const) {
      expect([fault, run({ faults: [] }, dialect, one.peers).outcome]).toEqual([fault, 'completed']);
    }
  }
  expect(run({ faults: [] }, 'checked').said).toBe(WHOLE);
});

describe.each(cases)('%s %j', (fault, one) => {
  test('does what it says in a faithful dialect and under checked', () => {
    expect(runCase(fault, one, one.dialect ?? FAITHFUL).said).toBe(one.faithful);
    expect(runCase(fault, one, 'checked').said).toBe(one.checked);
  });

  test('has its event in the trace before what it causes', () => {
    const { events } = runCase(fault, one, one.dialect ?? FAITHFUL);
    const at = events.findIndex((line) => line.includes('fault '));
    expect(events.slice(at, at + 2)).toEqual(one.events);
  });
});

test('every fault has a case, and every file of the folder is a fault or a part of one', () => {
  const names = POLL_FAULTS.map(({ name }) => name);
  expect(Object.keys(CASES).toSorted()).toEqual(names.toSorted());
  const folder = join(import.meta.dirname, '../../harness/faults/poll');
  const files = readdirSync(folder).map((file) => file.replace('.ts', ''));
  expect(files.filter((file) => !names.includes(file)).toSorted()).toEqual([
    'changed-count',
    'fault-error',
    'half-stream',
    'held-bytes',
    'holding-stream',
    'passing-stream',
    'poll-faults',
    'waker-context',
  ]);
  expect(names.filter((name) => !files.includes(name))).toEqual([]);
});

test('what is benign comes through whole under checked, at either side, however often it fires', () => {
  const benign = POLL_FAULTS.filter((fault) => fault.benign).map(({ name }) => name);
  expect(benign).toEqual([
    'short',
    'late',
    'spurious-wake',
    'late-wake',
    'end-twice',
    'data-after-end',
    'held-until-flush',
  ]);
  for (const when of [{}, { when: { chance: 0.5 } }, { when: { every: 2 } }]) {
    const faults = benign.map((fault) => ({ fault, ...(fault === 'short' ? { bytes: 10 } : {}), ...when }));
    for (const plan of [...faults.map((one) => [one]), faults, faults.toReversed()]) {
      const { said, a, b } = run({ seed: 3, faults: plan }, 'checked');
      expect([plan, said]).toEqual([plan, WHOLE]);
      expect([a.got, b.got]).toEqual([RESPONSE, REQUEST]);
    }
  }
});

test('a fault whose time does not come changes nothing: not one event', () => {
  const faults = POLL_FAULTS.map(({ name }) => ({ fault: name, when: { chance: 0 } }));
  // Those that buffer do so before their time comes, as the writers do that they stand for.
  const holding = ['flush-lies', 'flush-not-resumed', 'shutdown-drops-tail', 'leftover-kept'];
  // Nor are a window and a queue infinite before, nor does a stream ask its peer only then.
  const bounded = ['credit-leak', 'pong-behind-data', 'peer-silent'];
  const unseen = faults.filter(({ fault }) => ![...holding, ...bounded].includes(fault));
  expect(run({ faults: unseen }, FAITHFUL).events).toEqual(run({ faults: [] }, FAITHFUL).events);
});

describe('several faults', () => {
  test('compose in the order of the list, the first nearest to the stream', () => {
    const short = { fault: 'short', half: 'write', side: 'b', bytes: 50 } as const;
    const count = { fault: 'count', side: 'b', by: 1 } as const;
    const writes = (plan: FaultPlan): string[] =>
      run(plan, 'checked').events.filter((line) => /fault|write /.test(line));
    expect(writes({ faults: [short, count] })).toEqual([
      'a -> b  fault short (bytes 50) at b',
      'a -> b  fault count (by 1) at b',
      'a -> b  write  offered 68, reported 51  (pos 0, cap 68)',
      'a -> b  fault count (by 1) at b',
      'a -> b  write  offered 17, reported 18  (pos 51, cap 68)',
    ]);
    expect(writes({ faults: [count, short] }).slice(0, 3)).toEqual([
      'a -> b  fault short (bytes 50) at b',
      'a -> b  fault count (by 1) at b',
      'a -> b  write  offered 68, reported 51  (pos 0, cap 68)',
    ]);
  });

  test('the same fault twice counts twice, each for itself', () => {
    const faults = [
      { fault: 'count', side: 'b', by: 1, when: { call: 1 } },
      { fault: 'count', side: 'b', by: 2, when: { call: 1 } },
    ] as const;
    expect(run({ faults }, 'checked').events).toContain('a -> b  write  offered 68, reported 71  (pos 0, cap 68)');
  });

  test('the same seed gives the same trace, another seed another', () => {
    const faults = [{ fault: 'short', bytes: 7, when: { chance: 0.5 } }];
    const events = (seed: number): readonly string[] => run({ seed, faults }, FAITHFUL).events;
    expect(events(5)).toEqual(events(5));
    expect(events(5)).not.toEqual(events(6));
  });
});

test('leftover-kept reads no more than it can keep', () => {
  const scenario = parseScenarioObject({
    title: 'Three million bytes in one read',
    dialects: ['checked'],
    options: { bufferBytes: 4_000_000 },
    a: { read: [3_000_000] },
    plan: { faults: [{ fault: 'leftover-kept', side: 'a', bytes: 65_536, when: { call: 1_000_000 } }] },
    expect: { outcome: 'completed' },
  });
  const { outcome, counts, broken } = runScenario(scenario, { dialect: 'checked' });
  expect({ outcome, counts, broken }).toEqual({
    outcome: 'completed',
    counts: { aToB: 1_114_112, bToA: 0 },
    broken: [],
  });
});
