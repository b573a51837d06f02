import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import { capturedIo } from '../cli/captured-io.ts';

/** What docs/captures.md shows is what comes out. */

const page = readFileSync('docs/captures.md', 'utf8');
const shown = [...page.matchAll(/^```\n\$ relayscope (.+)\n([\s\S]*?)^```$/gm)].map(
  ([, command = '', output = '']) => [command, output] as const,
);

test('there are examples of both commands', () => {
  expect(shown.map(([command]) => command.split(' ')[0])).toEqual([
    'inspect',
    'inspect',
    'inspect',
    'doctor',
    'doctor',
  ]);
});

test.each(shown)('relayscope %s', async (command, output) => {
  const { io, out, err } = capturedIo();
  await runCli(command.split(' '), io);
  expect({ out: out(), err: err() }).toEqual({ out: output, err: '' });
});

test('every finding of the doctor is explained', async () => {
  const { io, out } = capturedIo();
  await runCli(['doctor', '--help'], io);
  const codes = [...out().matchAll(/^ {2}([a-z]+(?:-[a-z]+)*) {2,}[a-z]/gm)].map(([, code]) => code ?? '');
  expect(codes).toHaveLength(8);
  for (const code of codes) expect(page).toContain(`| \`${code}\``);
});
