import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'relayscope-compiled-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function version(env: NodeJS.ProcessEnv): Promise<string> {
  const given = { ...process.env, LOCALAPPDATA: folder, XDG_CACHE_HOME: folder, ...env };
  const { stdout } = await promisify(execFile)(process.execPath, ['harness/cli/main.ts', '--version'], { env: given });
  return stdout;
}

test('what is compiled is kept in the cache folder of the user, unless that is switched off or cannot be', async () => {
  const [off, nowhere] = await Promise.all([
    version({ NODE_DISABLE_COMPILE_CACHE: '1' }),
    version({ LOCALAPPDATA: '/dev/null', XDG_CACHE_HOME: '/dev/null' }),
  ]);
  expect(existsSync(join(folder, 'relayscope'))).toBe(false);
  const kept = await version({});
  expect(readdirSync(join(folder, 'relayscope'))).not.toEqual([]);
  expect([off, nowhere]).toEqual([kept, kept]);
});
