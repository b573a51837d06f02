import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
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
}, 300_000);

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

test('relayscope/register watches a program, from the flag and from an import', () => {
  const program = `
    import { ambientRecorder, copyBidirectional, memoryPair } from 'relayscope';
    const [[a], [b]] = [memoryPair(), memoryPair()];
    copyBidirectional(a, b);
    console.log(ambientRecorder() !== null);`;
  writeFileSync(join(folder, 'flag.js'), program);
  writeFileSync(join(folder, 'import.js'), `import 'relayscope/register';${program}`);
  for (const args of [['--import', 'relayscope/register', 'flag.js'], ['import.js']]) {
    const env = { PATH: process.env['PATH'], RELAYSCOPE_TRACE: 'program.trace' };
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env });
    expect({ stdout, stderr, status }).toEqual({ stdout: 'true\n', stderr: '', status: 0 });
    const out = execFileSync('npx', ['relayscope', 'inspect', 'program.trace'], { cwd: folder, encoding: 'utf8' });
    expect(out).toMatch(
      /a -> b {2}waits: its read half is registered[^]*ended +exit|ended +exit[^]*waits: its read half/,
    );
    rmSync(join(folder, 'program.trace'));
  }
});

test('npx relayscope tap records a connection into a trace', async () => {
  const origin = createServer((socket) => socket.pipe(socket));
  origin.listen(0, '127.0.0.1');
  await once(origin, 'listening');
  const to = `127.0.0.1:${(origin.address() as AddressInfo).port}`;
  const command = join(folder, 'node_modules/relayscope/dist/harness/cli/main.js');
  const args = [command, 'tap', '--listen', '127.0.0.1:0', '--to', to, '--trace', 'tap.trace'];
  const tap = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  tap.stderr.on('data', (chunk: Buffer) => {
    said += String(chunk);
  });
  const [line] = (await once(tap.stdout, 'data')) as [Buffer];
  const client = connect(Number(/:(\d+), relaying/.exec(String(line))?.[1]), '127.0.0.1');
  client.end('through');
  expect(String((await once(client, 'data'))[0])).toBe('through');
  await expect.poll(() => said, { timeout: 10_000 }).toContain('completed');
  tap.kill('SIGTERM');
  await once(tap, 'exit');
  origin.close();
  const out = execFileSync('npx', ['relayscope', 'inspect', 'tap.trace'], { cwd: folder, encoding: 'utf8' });
  expect(out.replaceAll(/\s+/g, ' ')).toContain('a -> b 7 bytes (done), b -> a 7 bytes (done), completed');
});
