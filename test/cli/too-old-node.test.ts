import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tooOldNode } from '../../harness/cli/too-old-node.ts';

test.each(['22.19.0', '22.20.1', '24.0.0', '26.10.0'])('Node %s will do', (version) => {
  expect(tooOldNode(version)).toBeNull();
});

test.each(['16.20.2', '18.0.0', '20.20.2', '22.18.9'])('Node %s is told which it takes', (version) => {
  expect(tooOldNode(version)).toBe(`relayscope needs Node 22.19 or later, this is ${version}`);
});

test('it is the one that package.json names', () => {
  const text = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8');
  const { engines } = JSON.parse(text) as { engines: { node: string } };
  expect(tooOldNode('0.0.0')).toContain(` Node ${engines.node.replace('>=', '')} `);
});
