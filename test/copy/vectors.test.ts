import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compareVector, parseVector, runVector, type Vector } from '../../harness/sim/vector.ts';
import type { Call } from '../../harness/sim/scripted-stream.ts';
import { resolveDialect } from '../../src/copy/dialect.ts';

const folder = join(import.meta.dirname, '../../fixtures/tokio');
const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));

function load(file: string): Vector[] {
  const lines = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n');
  return lines.map((line) => parseVector(line));
}

test('the recorded runs are all there', () => {
  expect(files.flatMap(load)).toHaveLength(2338);
});

describe.each(files)('%s', (file) => {
  const dialect = resolveDialect(basename(file, '.jsonl'));

  test('the engine makes the calls that the release made', () => {
    const differences = load(file).flatMap((vector) => {
      const difference = compareVector(vector, runVector(vector, dialect));
      return difference === null ? [] : [`${vector.id}: ${difference}`];
    });
    expect(differences).toEqual([]);
  });

  /**
   * The two directions share nothing but the order in which they are polled. So with the streams swapped a run that
   * ends `done` or `parked` has the same calls in each direction, and one that ends in the middle has a beginning of
   * the other's: state that leaked from one direction into the other would show here.
   */
  test('swapped streams swap the directions and change nothing else', () => {
    for (const vector of load(file)) {
      const straight = runVector(vector, dialect);
      const swapped = runVector({ a: vector.b, b: vector.a }, dialect);
      const whole = isWhole(straight.outcome) && isWhole(swapped.outcome);
      expect(whole, vector.id).toBe(isWhole(straight.outcome) || isWhole(swapped.outcome));
      for (const reader of ['a', 'b'] as const) {
        const ours = directionCalls(straight.calls, reader);
        const theirs = directionCalls(swapped.calls, reader === 'a' ? 'b' : 'a');
        const length = whole ? Math.max(ours.length, theirs.length) : Math.min(ours.length, theirs.length);
        expect(ours.slice(0, length), vector.id).toEqual(theirs.slice(0, length));
      }
      expect(whole ? swapped.polls : straight.polls, vector.id).toBe(straight.polls);
    }
  });
});

test.each([
  [
    'an outcome',
    (vector: Vector) => ({ ...vector, outcome: 'spin' as const }),
    'outcome: expected "spin", got "parked"',
  ],
  ['a count', (vector: Vector) => ({ ...vector, calls: vector.calls.with(2, ['b', 'write', 68, 68]) }), 'call 3: '],
  ['a missing call', (vector: Vector) => ({ ...vector, calls: vector.calls.slice(0, -1) }), 'call 6: expected nothing'],
  ['the polls', (vector: Vector) => ({ ...vector, polls: 2 }), 'polls: expected 2, got 1'],
])('a recorded run that differs in %s is told apart', (_, change, difference) => {
  const [vector] = load('tokio-1.53.1.jsonl');
  if (vector === undefined) throw new Error('no vector');
  expect(compareVector(change(vector), runVector(vector, resolveDialect('tokio-1.53.1')))).toContain(difference);
});

function isWhole(outcome: Vector['outcome']): boolean {
  return outcome === 'parked' || (typeof outcome === 'object' && 'done' in outcome);
}

/** The calls of the direction that reads from `reader`, without the names of the sides. */
function directionCalls(calls: readonly Call[], reader: 'a' | 'b'): unknown[] {
  return calls
    .filter(([side, call]) => side !== 'poll' && (call === 'read') === (side === reader))
    .map(([, ...call]) => call);
}
