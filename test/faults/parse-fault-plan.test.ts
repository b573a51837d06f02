import { describe, expect, test } from 'vitest';
import { FaultPlanError } from '../../harness/faults/fault-plan-error.ts';
import { checkFaultPlan, parseFaultPlan } from '../../harness/faults/parse-fault-plan.ts';

const GOOD = `
seed: 7
faults:
  - fault: count
    by: 1
    side: b
    when: { call: 3 }
  - { fault: short, bytes: 10, half: read, forMs: 50 }
`;

describe('a plan', () => {
  test('is the same in YAML, in JSON and as an object', () => {
    const plan = {
      seed: 7,
      faults: [
        { fault: 'count', by: 1, side: 'b', when: { call: 3 } },
        { fault: 'short', bytes: 10, half: 'read', forMs: 50 },
      ],
    };
    expect(parseFaultPlan(GOOD, 'plan.yaml')).toEqual(plan);
    expect(parseFaultPlan(JSON.stringify(plan), 'plan.json')).toEqual(plan);
    expect(checkFaultPlan(plan)).toEqual(plan);
  });

  test('may be empty', () => {
    expect(parseFaultPlan('faults: []', 'plan.yaml')).toEqual({ faults: [] });
  });
});

describe('a wrong plan says where, what was expected and what came', () => {
  const head = 'faults:\n  - { fault: count }\n  - { fault: short }\n  - fault: count\n';
  test.each([
    [`${head}    when: { call: 0 }`, 5, 'faults[2].when.call', 'a whole number from 1 to 1000000000', '0'],
    [`${head}    when:\n      call: x`, 6, 'faults[2].when.call', 'a whole number from 1 to 1000000000', '"x"'],
    [`${head}    when: { chance: 2 }`, 5, 'faults[2].when.chance', 'a number from 0 to 1', '2'],
    [`${head}    when: { cal: 1 }`, 5, 'faults[2].when.cal', 'one of call, every, byte, atMs, chance', '1'],
    [`${head}    when: { frame: 1 }`, 5, 'faults[2].when.frame', 'one of call, every, byte, atMs, chance', '1'],
    [`${head}    when: {}`, 5, 'faults[2].when', 'one of call, every, byte, atMs, chance', '{}'],
    [
      `${head}    when: { call: 1, every: 2 }`,
      5,
      'faults[2].when',
      'one of call, every, byte, atMs, chance',
      '{"call":1,"every":2}',
    ],
    [`${head}    side: c`, 5, 'faults[2].side', 'one of a, b', '"c"'],
    [`${head}    half: both`, 5, 'faults[2].half', 'one of write, read', '"both"'],
    [`${head}    connection: 0`, 5, 'faults[2].connection', 'a whole number from 1 to 2147483647', '0'],
    [`${head}    times: 1.5`, 5, 'faults[2].times', 'a whole number from 1 to 1000000000', '1.5'],
    [`${head}    forMs: -1`, 5, 'faults[2].forMs', 'a number from 0 to 1000000000', '-1'],
    [`${head}    by: 0`, 5, 'faults[2].by', 'a whole number other than 0', '0'],
    [
      `${head}    bytes: 1`,
      5,
      'faults[2].bytes',
      'a field of count (by, side, half, connection, when, times, forMs)',
      '1',
    ],
    ['faults:\n  - fualt: count', 2, 'faults[0]', 'a fault, such as { fault: count, by: 1 }', '{"fualt":"count"}'],
    ['faults:\n  - fault: cuont', 2, 'faults[0].fault', 'the name of a fault (relayscope list faults)', '"cuont"'],
    ['faults:\n  - 3', 2, 'faults[0]', 'a fault, such as { fault: count, by: 1 }', '3'],
    ['faults: no', 1, 'faults', 'a list of faults', '"no"'],
    ['seed: -1\nfaults: []', 1, 'seed', 'a whole number from 0 to 9007199254740991', '-1'],
    ['faults: []\nfault: []', 2, 'fault', 'one of seed, faults', '[]'],
    ['- 1', 1, '', 'an object with seed, faults', '[1]'],
  ])('%j', (text, line, path, expected, got) => {
    const error = failure(() => parseFaultPlan(text, 'plan.yaml'));
    expect(error.issue).toMatchObject({ file: 'plan.yaml', line, path, expected, got });
    expect(error.message).toBe(`plan.yaml:${line}: ${path === '' ? '' : `${path}: `}expected ${expected}, got ${got}`);
    expect(error.code).toBe('FAULT_PLAN_MALFORMED');
  });

  test('the first by its line is told', () => {
    const text = 'faults:\n  - fault: count\n    by: 0\n  - fault: nothing';
    expect(failure(() => parseFaultPlan(text, 'plan.yaml')).issue.line).toBe(3);
  });

  test('as an object it has no line', () => {
    expect(failure(() => checkFaultPlan({ faults: [{ fault: 'count', by: 'x' }] })).message).toBe(
      'Malformed fault plan: faults[0].by: expected a whole number other than 0, got "x"',
    );
  });

  test('what is no YAML names its line, too', () => {
    expect(failure(() => parseFaultPlan('faults: []\nfaults: []', 'plan.yaml')).issue).toMatchObject({
      line: 2,
      expected: 'YAML',
    });
    expect(failure(() => parseFaultPlan('faults: &x []\nmore: *x', 'plan.yaml')).issue).toMatchObject({
      line: 2,
      expected: 'YAML without aliases',
    });
  });

  test('lists in lists have a limit with a name, whatever the stack has', () => {
    const deep = (levels: number): string => `seed: 1\nfaults: ${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(failure(() => parseFaultPlan(deep(63), 'plan.yaml')).issue.path).toBe('faults[0]');
    for (const levels of [64, 100_000]) {
      expect(failure(() => parseFaultPlan(deep(levels), 'plan.yaml')).message).toBe(
        'plan.yaml:2: expected lists and objects at most 64 deep, got deeper ones',
      );
    }
    const blocks = Array.from({ length: 65 }, (_, level) => `${' '.repeat(level)}x:`).join('\n');
    expect(failure(() => parseFaultPlan(blocks, 'plan.yaml')).issue.line).toBe(65);
  });

  test('one that is too long is not even read', () => {
    expect(failure(() => parseFaultPlan(' '.repeat(1_048_577), 'plan.yaml')).message).toBe(
      'plan.yaml: expected at most 1048576 bytes, got 1048577',
    );
  });
});

function failure(run: () => unknown): FaultPlanError {
  try {
    run();
  } catch (error) {
    if (error instanceof FaultPlanError) return error;
    throw error;
  }
  throw new Error('Expected the plan to be refused');
}
