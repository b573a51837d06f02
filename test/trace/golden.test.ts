import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import { saveTrace } from '../../src/trace/file/save-trace.ts';
import { capturedIo } from '../cli/captured-io.ts';
import { GOLDEN_TRACES, goldenItems } from './support/golden-traces.ts';

/**
 * traces/golden/ holds the story in two files for everybody to look at. Whoever changes what a copy does, or how it is
 * recorded or written, sees it here, and says so by making them anew: RELAYSCOPE_GOLDEN=update npm test.
 */
const golden = join(import.meta.dirname, '../../traces/golden');
const folder = mkdtempSync(join(tmpdir(), 'relayscope-golden-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each(['off-by-one', 'fixed'] as const)('%s.trace is what the story makes, byte for byte', async (name) => {
  const items = goldenItems(GOLDEN_TRACES[name]);
  if (process.env['RELAYSCOPE_GOLDEN'] === 'update') await saveTrace(join(golden, `${name}.trace`), items);
  const made = join(folder, `${name}.trace`);
  await saveTrace(made, items);
  expect(readFileSync(made).equals(readFileSync(join(golden, `${name}.trace`)))).toBe(true);
});

test('they part at the write that claims one byte too many', async () => {
  const { io, out } = capturedIo({ env: {} });
  const code = await runCli(['diff', join(golden, 'fixed.trace'), join(golden, 'off-by-one.trace')], io);
  expect(code).toBe(1);
  expect(out()).toMatch(/write.*offered 68, reported 69/);
});

test('inspect shows the loop as one line', async () => {
  const { io, out } = capturedIo({ env: {} });
  await runCli(['inspect', join(golden, 'off-by-one.trace')], io);
  expect(out()).toMatch(/pos 69 +cap 68.*× 20,157,093 in 283 ms/);
});
