import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The package as a stranger gets it: packed, installed into an empty folder elsewhere, used from there. */

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'relayscope-package-'));
let packed: { filename: string; files: { path: string }[] };

function npm(cwd: string, ...args: string[]): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

beforeAll(() => {
  const report: unknown = JSON.parse(npm(root, 'pack', '--json', '--pack-destination', folder));
  // A list of packages, or since npm 12 an object by name.
  [packed] = Object.values(report as object) as [typeof packed];
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  npm(folder, 'install', '--no-audit', '--no-fund', join(folder, packed.filename));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('it holds JavaScript, declarations and what npm wants, nothing else', () => {
  const strangers = packed.files
    .map(({ path }) => path)
    .filter((path) => !/^dist\/(?:src|harness)\/.*\.(?:js|d\.ts)$/.test(path));
  expect(strangers.toSorted()).toEqual(['LICENSE', 'README.md', 'package.json']);
});

test('npx relayscope demo tells the story, Workers included', () => {
  const out = execFileSync('npx', ['relayscope', 'demo', '--json'], { cwd: folder, encoding: 'utf8' });
  const report = JSON.parse(out) as { ok: boolean; steps: { name: string; pos?: number; cap?: number }[] };
  expect(report.ok).toBe(true);
  expect(report.steps.find(({ name }) => name === 'off-by-one')).toMatchObject({ pos: 69, cap: 68 });
});

test('a program of one’s own imports it by its doors', () => {
  const program = `
    import { copyBidirectional, memoryPair, PENDING } from 'relayscope';
    import { startTunnelServer } from 'relayscope/harness';
    console.log(typeof copyBidirectional, typeof memoryPair, PENDING, typeof startTunnelServer);`;
  writeFileSync(join(folder, 'program.js'), program);
  const out = execFileSync(process.execPath, ['program.js'], { cwd: folder, encoding: 'utf8' });
  expect(out).toBe('function function -1073741824 function\n');
});
