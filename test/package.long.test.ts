import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { delimiter, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { systemClock } from '../src/poll/clock.ts';
import { installedProject, packedPackage, runIn } from './installed-project.ts';

/** The package as a stranger gets it: packed, installed into an empty folder elsewhere, used from there. */

const packed = packedPackage();
const folder = installedProject(null, []);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('it holds JavaScript, declarations, the pages of the documentation and what npm wants, nothing else', () => {
  const known = /^dist\/(?:src|harness)\/.*\.(?:js|d\.ts)$|^docs\/[\w-]+\.md$/;
  const strangers = packed.paths.filter((path) => !known.test(path));
  expect(packed.paths).toContain('docs/errors.md');
  expect(strangers.toSorted()).toEqual(['LICENSE', 'README.md', 'package.json']);
});

test('it brings four packages along, and neither vitest nor fast-check', () => {
  const { status, text } = runIn(folder, 'npm ls --all --parseable --omit=dev');
  const names = text
    .trim()
    .split('\n')
    .slice(1)
    .map((path) => path.replace(/^.*\/node_modules\//, ''));
  expect({ status, names: names.toSorted() }).toEqual({
    status: 0,
    names: ['@types/node', '@types/ws', 'relayscope', 'undici-types', 'ws', 'yaml', 'zod'],
  });
});

test('publint and attw have nothing to say against it', () => {
  for (const command of [
    `npx -y publint@0.3.25 run --strict '${packed.file}'`,
    `npx -y @arethetypeswrong/cli@0.18.5 --profile esm-only '${packed.file}'`,
  ]) {
    const { status, text } = runIn(folder, command);
    expect(status, text).toBe(0);
  }
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

/** A Node on the path that is too old, and its version. */
function oldNode(): { path: string; version: string } | null {
  for (const place of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(place, 'node');
    if (!existsSync(path)) continue;
    const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim().slice(1);
    if (Number(version.split('.')[0]) < 22) return { path, version };
  }
  return null;
}

const old = oldNode();
if (old === null) console.log('No Node before 22 on the path: what the command says on one is not tested');

test.runIf(old !== null)('on a Node that is too old it says so in one line', () => {
  const command = join(folder, 'node_modules/relayscope/dist/harness/cli/main.js');
  const { status, stdout, stderr } = spawnSync(old?.path ?? '', [command, '--help'], { encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: `relayscope needs Node 22.19 or later, this is ${old?.version}\n`,
  });
});

test('what relayscope list scenarios lists is the project’s own folder, and without one it asks for it', () => {
  const none = runIn(folder, 'relayscope list scenarios');
  expect(none.status).toBe(2);
  expect(none.text).toMatch(
    /^relayscope: No folder: expected one of scenario documents, as there is no scenarios and /,
  );
  mkdirSync(join(folder, 'scenarios'));
  const yaml = 'dialects: [checked]\nexpect: { outcome: completed }';
  writeFileSync(join(folder, 'scenarios/own.md'), `# My own\n\nOne.\n\n\`\`\`yaml\n${yaml}\n\`\`\`\n`);
  expect(runIn(folder, 'relayscope list scenarios')).toMatchObject({
    status: 0,
    text: expect.stringMatching(/scenarios\/own\.md +My own\n[^]*^1 scenarios$/m) as string,
  });
});

test('Ctrl-C ends a run in memory, and what was done is told', async () => {
  const yaml = `dialects: [checked]
options: { bufferBytes: 1, maxPolls: 10000000, maxSteps: 100000000 }
a: { read: [{ bytes: 60000000 }] }
expect: { outcome: completed }
chunks: { not: one is enough }`;
  // The first one's failure is what says that the next one is begun.
  const wrong = 'dialects: [checked]\nexpect: { outcome: failed }';
  writeFileSync(join(folder, 'wrong.md'), `# Wrong\n\nIt is.\n\n\`\`\`yaml\n${wrong}\n\`\`\`\n`);
  writeFileSync(join(folder, 'byte.md'), `# A byte each\n\nSome 40 s.\n\n\`\`\`yaml\n${yaml}\n\`\`\`\n`);
  const command = join(folder, 'node_modules/relayscope/dist/harness/cli/main.js');
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    const args = [
      command,
      'run',
      'wrong.md',
      'byte.md',
      '--chunk',
      'own',
      '--document-budget',
      '20s',
      '--junit',
      'stopped.xml',
    ];
    const run = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    run.stdout.on('data', (chunk: Buffer) => {
      said += String(chunk);
    });
    await once(run.stdout, 'data');
    await setTimeout(500);
    const killedMs = systemClock.nowMs();
    run.kill(signal);
    const [status] = (await once(run, 'close')) as [number];
    expect({ status, said }).toEqual({
      status: code,
      said: expect.stringContaining('stopped before the end') as string,
    });
    expect(systemClock.nowMs() - killedMs).toBeLessThan(5000);
    expect(readFileSync(join(folder, 'stopped.xml'), 'utf8')).toContain('the command was stopped');
    rmSync(join(folder, 'stopped.xml'));
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
