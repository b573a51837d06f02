import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const VERSION = '4.1.12';
const cache = join(import.meta.dirname, '../../../../node_modules/.cache/relayscope');

/**
 * The `node_modules` that holds vitest 4, of which there cannot be one beside our own. Installed from the registry the first
 * time, and kept.
 */
export function vitestFour(): string {
  const folder = join(cache, `vitest-${VERSION}`);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    const unfinished = mkdtempSync(join(cache, 'installing-'));
    writeFileSync(join(unfinished, 'package.json'), '{ "private": true, "type": "module" }');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', `vitest@${VERSION}`], {
      cwd: unfinished,
      stdio: 'pipe',
    });
    renameSync(unfinished, folder);
  }
  return join(folder, 'node_modules');
}
