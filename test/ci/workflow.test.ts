import { expect, test } from 'vitest';
import { filledIn, instancesOf, isBegun, readWorkflow } from './workflow.ts';

/** That a workflow is read as GitHub reads it is what its test rests on. */
const job = readWorkflow(`
jobs:
  x:
    runs-on: ubuntu-latest
    timeout-minutes: 1
    strategy: { fail-fast: false, matrix: { shard: [1, 2], node: [22, 24] } }
    steps: []
`).jobs['x'];

test('a job has a machine for each combination of its matrix', () => {
  const instances = job === undefined ? [] : instancesOf(job);
  expect(
    instances.map((one) => filledIn('${{ matrix.shard }}/${{strategy.job-total}} on ${{ matrix.node }}', one)),
  ).toEqual(['1/4 on 22', '1/4 on 24', '2/4 on 22', '2/4 on 24']);
});

test('an expression that is not known is refused: GitHub takes a misspelled one for an empty text', () => {
  const instance = { matrix: { shard: 1 }, total: 1 };
  for (const expression of ['matrix.shards', 'shard', "matrix['shard']", 'secrets.TOKEN'])
    expect(() => filledIn(`x \${{ ${expression} }}`, instance)).toThrow(`Unknown expression: ${expression}`);
});

test('without a condition a step is begun after success alone', () => {
  expect([isBegun(undefined, 'success'), isBegun(undefined, 'failure')]).toEqual([true, false]);
  expect(isBegun('${{ !cancelled() }}', 'failure')).toBe(true);
  expect(() => isBegun('always()', 'failure')).toThrow('Unknown condition: always()');
});
