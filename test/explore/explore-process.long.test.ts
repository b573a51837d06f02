import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

/** What only a real process can show. */

const main = join(import.meta.dirname, '../../harness/cli/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'relayscope-explore-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Starts a campaign that has no end, and stops it once it has kept something. */
async function stopped(capsules: string, ...args: readonly string[]): Promise<{ code: number | null; text: string }> {
  mkdirSync(capsules);
  const watcher = watch(capsules);
  const child = spawn(
    process.execPath,
    [main, 'explore', '--runs', '1000000000', '--seed', '5', '--capsules', capsules, ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  const closed = once(child, 'close');
  watcher.on('change', (_kind, name) => {
    // Once: a second signal no longer waits for a tidy end.
    if (!child.killed && String(name).endsWith('.json')) child.kill('SIGINT');
  });
  const [code] = (await closed) as [number | null];
  watcher.close();
  return { code, text };
}

test('Ctrl-C ends a campaign, and tells what was found and where it is', async () => {
  const capsules = join(folder, 'stopped');
  const { code, text } = await stopped(capsules, '--faults', 'swallow');
  expect(code).toBe(130);
  expect(text).toMatch(/^accounting, a -> b$/m);
  expect(text).toMatch(/^[\d,]+ runs in .* findings?\. Stopped before the end\.\n$/m);
  const paths = [...text.matchAll(/^ {2}relayscope run (\S+)$/gm)].map(([, path]) => path);
  expect(paths.length).toBeGreaterThan(1);
  expect(paths).toHaveLength(readdirSync(capsules).length);
  for (const path of paths) expect(existsSync(String(path))).toBe(true);
});

test('Ctrl-C leaves one whole object where JSON was asked for', async () => {
  const { code, text } = await stopped(join(folder, 'json'), '--faults', 'swallow', '--json');
  expect(code).toBe(130);
  expect(JSON.parse(text)).toMatchObject({ schema: 1, seed: 5, stopped: true });
});
