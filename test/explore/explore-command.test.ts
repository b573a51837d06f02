import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import { capturedIo } from '../cli/captured-io.ts';

const TWENTY = 'fixtures/capsules/twenty-faults.capsule.json';
const folder = mkdtempSync(join(tmpdir(), 'relayscope-explore-command-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function relayscope(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { io, out, err } = capturedIo();
  const code = await runCli(args, io);
  return { code, out: out(), err: err() };
}

test('a failing plan of twenty faults is made as small as the one that matters, and both are told', async () => {
  const { code, out } = await relayscope('explore', '--minimise', TWENTY, '--capsules', folder);
  expect(code).toBe(0);
  const path = join(folder, 'twenty-faults.small.capsule.json');
  const lines = out.split('\n');
  expect(lines.slice(0, 2)).toEqual(['accounting, a -> b', '  1 bytes were reported as written, and 0 were taken']);
  expect(lines[2]).toMatch(
    /^ {2}before {2}20 faults, 15 entries, bufferBytes, halfCloseTimeoutMs: short \(bytes 2\), /,
  );
  const after = lines.indexOf('  after   1 fault, 1 entry: swallow at b');
  expect(lines[after + 1]).toMatch(/^ {2}why {5}partial-over-report \(a -> b\): /);
  expect(lines.slice(-2)).toEqual([`  relayscope run ${path}`, '']);
  expect(await relayscope('run', path)).toMatchObject({ code: 0, out: '1 document, 1 run: all as expected\n' });
});

test('a scenario that breaks no law cannot be made small', async () => {
  const { code, err } = await relayscope('explore', '--minimise', 'fixtures/scenarios/story/right-adapter.md');
  expect(code).toBe(2);
  expect(err).toContain('Nothing to make small: expected a run that breaks a law, got fixtures/scenarios/story/');
});

test('each finding becomes a capsule and a document, and both run as they say', async () => {
  const capsules = join(folder, 'both');
  const args = ['explore', '--runs', '1000', '--seed', '7', '--faults', 'swallow,late', '--capsules', capsules];
  const { code, out } = await relayscope(...args, '--as-scenario');
  expect(code).toBe(1);
  const paths = [...out.matchAll(/^ {2}relayscope run (\S+)$/gm)].map(([, path]) => String(path));
  expect(paths.filter((path) => path.endsWith('.md')).length).toBeGreaterThan(1);
  expect(paths.map((path) => path.slice(capsules.length + 1)).sort()).toEqual(readdirSync(capsules).sort());
  const { out: ran } = await relayscope('run', capsules);
  expect(ran).toBe(`${paths.length} documents, ${paths.length} runs: all as expected\n`);

  const story = paths.find((path) => path.endsWith('.md')) ?? '';
  writeFileSync(story, 'Changed by hand.\n');
  const again = await relayscope(...args, '--as-scenario');
  expect(again.out).toContain(`relayscope run ${story} (not written: another is there; --force replaces it)\n`);
  expect(readFileSync(story, 'utf8')).toBe('Changed by hand.\n');
});

test('what cannot be written is told after what was found', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  const args = ['--runs', '200', '--seed', '7', '--faults', 'swallow', '--capsules', join(file, 'capsules')];
  const { code, out, err } = await relayscope('explore', ...args);
  expect(code).toBe(2);
  expect(out).toContain('  its capsule could not be written\n');
  expect(out).toMatch(/findings\.\n$/);
  expect(err).toMatch(/^relayscope: Cannot write .*\[CAPSULE_UNWRITABLE\]\n$/);
});

test('a campaign that is stopped says what it came to all the same', async () => {
  const { io, out } = capturedIo({ signal: AbortSignal.abort() });
  expect(await runCli(['explore', '--seed', '1', '--capsules', join(folder, 'none')], io)).toBe(0);
  expect(out()).toMatch(/\n0 runs in .*: no run failed\. Stopped before the end\.\n$/);
});

test('a diagnosed campaign is one of healthy runs', async () => {
  const healthy = ['explore', '--diagnose', '--runs', '500', '--seed', '7'];
  expect(await relayscope(...healthy)).toMatchObject({ code: 0, err: '' });
  const { code, err } = await relayscope(...healthy, '--faults', 'late,swallow');
  expect(code).toBe(2);
  expect(err).toContain('Wrong faults for --diagnose: expected benign ones, got "swallow"');
});
