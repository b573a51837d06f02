import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { polls } from '../../harness/fast-check/index.ts';
import { parseScenarioObject } from '../../harness/scenario/parse-scenario.ts';
import type { SideScript } from '../../harness/scenario/scenario.ts';
import { parseScript } from '../../harness/sim/script.ts';

const RUNS = { seed: 42, numRuns: 500 };

function entriesOf(sides: readonly SideScript[]): unknown[] {
  return sides.flatMap(({ read = [], write = [], flush = [], shutdown = [] }) => [
    ...read,
    ...write,
    ...flush,
    ...shutdown,
  ]);
}

/** What kinds of entries there are: `p`, `count`, `waitMs`. */
function kindsOf(sides: readonly SideScript[]): string[] {
  const kinds = entriesOf(sides).map((entry) =>
    typeof entry === 'number' ? 'count' : typeof entry === 'string' ? entry : Object.keys(Object(entry) as object)[0],
  );
  return [...new Set(kinds.map(String))].sort();
}

test('every script is one that a document may hold', () => {
  const sides = fc.sample(polls({ failing: true, lying: true }), RUNS);
  for (const a of sides)
    parseScenarioObject({ title: 'A side', dialects: ['checked'], a, expect: { outcome: 'completed' } });
  expect(entriesOf(sides).length).toBeGreaterThan(1000);
});

test('only what a stream may answer, unless it is asked to fail, or to lie', () => {
  expect(kindsOf(fc.sample(polls(), RUNS))).toEqual(['count', 'p', 'text', 'waitMs']);
  expect(kindsOf(fc.sample(polls({ failing: true }), RUNS))).toEqual(['count', 'e', 'p', 'text', 'waitMs']);
  expect(kindsOf(fc.sample(polls({ lying: true }), RUNS))).toEqual([
    'count',
    'd',
    'p',
    'returns',
    'text',
    'waitMs',
    'x',
    'z',
  ]);
});

test('a plain script is one of a ScriptedStream', () => {
  const scripts = fc.sample(polls({ plain: true, failing: true, lying: true }), RUNS);
  for (const script of scripts) expect(parseScript(script, 'script')).toEqual(script);
  expect(kindsOf(scripts)).toEqual(['count', 'd', 'e', 'p', 'x', 'z']);
});

test('every call is scripted in some, and left out in others', () => {
  const sides = fc.sample(polls(), RUNS);
  for (const call of ['read', 'write', 'flush', 'shutdown'] as const) {
    const scripted = sides.filter((side) => side[call] !== undefined).length;
    expect(scripted).toBeGreaterThan(RUNS.numRuns / 5);
    expect(scripted).toBeLessThan(RUNS.numRuns);
  }
});

test('what fails is made small: one answer, with a count of 1', () => {
  const property = fc.property(polls(), ({ write = [] }) => write.every((entry) => typeof entry !== 'number'));
  const { counterexample } = fc.check(property, RUNS);
  expect(fc.stringify(counterexample)).toBe('[{ write: [1] }]');
});
