import { expect, test } from 'vitest';
import { scenarioText } from '../../harness/explore/scenario-text.ts';
import { parseScenario } from '../../harness/scenario/parse-scenario.ts';
import type { Scenario } from '../../harness/scenario/scenario.ts';

const capsule: Scenario = {
  title: 'accounting, a -> b: run 7 of seed 42',
  dialects: ['checked'],
  options: { bufferBytes: 16 },
  seed: 9,
  a: { read: [1, 'p', { text: 'GET / # "quoted": [x]\n' }, { waitMs: 5 }] },
  b: { write: [{ d: 1 }] },
  plan: { faults: [{ fault: 'swallow', side: 'b', when: { call: 1 } }] },
  expect: { outcome: 'completed', breaks: ['accounting', 'conservation'] },
  swapped: { not: 'a capsule repeats one run' },
  chunks: { not: 'a capsule repeats one run' },
  versions: { relayscope: '0.1.0', node: '26.0.0' },
};

test('a capsule as a document is the same scenario, with prose before it', () => {
  const text = scenarioText(capsule, 'A writer took a byte and dropped it.');
  const { prose, scenario } = parseScenario(text, 'story.md');
  const { versions: _versions, ...rest } = capsule;
  expect(scenario).toEqual(rest);
  expect(prose).toBe('A writer took a byte and dropped it.');
});

test('a document begins each key on a line of its own', () => {
  const lines = scenarioText(capsule, 'Prose.').split('\n');
  expect(lines.slice(0, 8)).toEqual([
    '# accounting, a -> b: run 7 of seed 42',
    '',
    'Prose.',
    '',
    '```yaml',
    'dialects: [ checked ]',
    'options: { bufferBytes: 16 }',
    'seed: 9',
  ]);
  expect(lines.filter((line) => /^\w+:/.test(line)).map((line) => line.split(':')[0])).toEqual([
    'dialects',
    'options',
    'seed',
    'a',
    'b',
    'plan',
    'expect',
    'swapped',
    'chunks',
  ]);
});
