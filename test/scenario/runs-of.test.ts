import { describe, expect, test } from 'vitest';
import { mirrorScenario } from '../../harness/scenario/mirror.ts';
import { parseScenarioObject } from '../../harness/scenario/parse-scenario.ts';
import { repeatCommand } from '../../harness/scenario/repeat-command.ts';
import { runsOf } from '../../harness/scenario/runs-of.ts';

const BOTH = {
  title: 'Both ways',
  dialects: ['tokio-1.9.0', 'checked'],
  options: {},
  a: { read: [68] },
  b: { write: ['z'] },
  expect: {
    outcome: 'failed',
    direction: 'a -> b',
    code: 'WRITE_ZERO',
    counts: { aToB: 0 },
    waits: [{ direction: 'b -> a', half: 'read' }],
    events: ['a -> b  write  offered 68'],
    never: ['b -> a  write'],
    delivered: { aToB: 0, bToA: 'x' },
  },
};

test('a scenario runs in each dialect, both ways round, at its own chunk size and at all others', () => {
  const runs = runsOf(parseScenarioObject(BOTH));
  // tokio 1.9 has a buffer of 2048 bytes: 64 sizes, 128 … 2048. checked has 65,536.
  const sizes = { 'tokio-1.9.0': 64 + 5, checked: 64 + 10 };
  for (const [dialect, count] of Object.entries(sizes)) {
    for (const swapped of [false, true]) {
      const mine = runs.filter((run) => run.dialect === dialect && run.swapped === swapped);
      expect(mine.map((run) => run.chunkBytes).slice(0, 4)).toEqual([null, 1, 2, 3]);
      expect(mine).toHaveLength(1 + count);
    }
  }
  expect(runs.find((run) => run.dialect === 'tokio-1.9.0' && run.chunkBytes === 2048)).toBeDefined();
  expect(runs).toHaveLength(2 * (1 + 69) + 2 * (1 + 74));
});

test('a size that is set for the buffers bounds the chunks', () => {
  const sized = { ...BOTH, dialects: ['checked'], options: { bufferBytes: { aToB: 64, bToA: 300 } } };
  expect(runsOf(parseScenarioObject(sized), { swapped: false }).at(-1)?.chunkBytes).toBe(256);
});

test('swapped, everything that names a side or a direction is the other way round', () => {
  const scenario = parseScenarioObject({
    ...BOTH,
    dialects: ['checked'],
    options: { bufferBytes: { aToB: 1, bToA: 2 } },
    plan: { faults: [{ fault: 'count', side: 'b' }, { fault: 'count' }] },
  });
  expect(mirrorScenario(scenario)).toEqual({
    ...scenario,
    a: { write: ['z'] },
    b: { read: [68] },
    options: { bufferBytes: { aToB: 2, bToA: 1 } },
    plan: { faults: [{ fault: 'count', side: 'a' }, { fault: 'count' }] },
    expect: {
      outcome: 'failed',
      direction: 'b -> a',
      code: 'WRITE_ZERO',
      counts: { bToA: 0 },
      waits: [{ direction: 'a -> b', half: 'read' }],
      events: ['b -> a  write  offered 68'],
      never: ['a -> b  write'],
      delivered: { aToB: 'x', bToA: 0 },
    },
  });
  expect(mirrorScenario(mirrorScenario(scenario))).toEqual(scenario);
});

describe('a document says otherwise', () => {
  test('not swapped, not cut', () => {
    const scenario = parseScenarioObject({ ...BOTH, swapped: { not: 'why' }, chunks: { not: 'why' } });
    expect(runsOf(scenario).map(({ dialect, swapped, chunkBytes }) => [dialect, swapped, chunkBytes])).toEqual([
      ['tokio-1.9.0', false, null],
      ['checked', false, null],
    ]);
  });

  test('expectations of its own, swapped and cut', () => {
    const scenario = parseScenarioObject({
      ...BOTH,
      swapped: { outcome: 'parked' },
      chunks: { outcome: 'spinning', direction: 'a -> b' },
    });
    const outcomes = runsOf(scenario, { dialect: 'checked' }).map(({ expect: { outcome, direction } }) => [
      outcome,
      direction,
    ]);
    expect(outcomes[0]).toEqual(['failed', 'a -> b']);
    expect(outcomes[1]).toEqual(['spinning', 'a -> b']);
    expect(outcomes[75]).toEqual(['parked', undefined]);
    expect(outcomes[76]).toEqual(['spinning', 'b -> a']);
  });
});

test('what depends on how the bytes are cut is not expected of the cut runs', () => {
  const [own, cut] = runsOf(parseScenarioObject(BOTH));
  expect(own?.expect.events).toEqual(['a -> b  write  offered 68']);
  expect(Object.keys(cut?.expect ?? {}).sort()).toEqual([
    'code',
    'counts',
    'delivered',
    'direction',
    'outcome',
    'waits',
  ]);
});

test('the command that is told makes exactly one run', () => {
  const scenario = parseScenarioObject(BOTH);
  const run = runsOf(scenario, { dialect: 'checked', swapped: true, chunkBytes: 7 });
  expect(run).toHaveLength(1);
  expect(run.map((one) => repeatCommand('a/b.md', one))).toEqual([
    'relayscope run a/b.md --dialect checked --swapped --chunk 7',
  ]);
  const own = runsOf(scenario, { dialect: 'checked', swapped: false, chunkBytes: 'own' });
  expect(own.map((one) => repeatCommand("it's.md", one))).toEqual([
    String.raw`relayscope run 'it'\''s.md' --dialect checked --not-swapped --chunk own`,
  ]);
});
