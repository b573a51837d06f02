import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PATIENCE, register, startProgram, startRegistered } from './support.ts';

/** `relayscope/register` in real processes: what it does to a program that is not stuck, namely nothing. */

const index = new URL('../../src/index.ts', import.meta.url).href;

test.each([
  ['runs to its end', 'process.exitCode = 7', 7],
  ['calls process.exit', 'process.exit(3)', 3],
  ['does nothing', '', 0],
])('a program that %s ends as ever, and leaves no file', async (_, program, code) => {
  const { ended, err, folder } = startRegistered(program);
  expect([await ended, err(), readdirSync(folder)]).toEqual([code, '', ['program.mjs']]);
});

test('an uncaught exception ends a program as ever', async () => {
  const { ended, err } = startRegistered('throw new Error("as ever")');
  expect(await ended).toBe(1);
  expect(err()).toContain('Error: as ever');
});

test('a signal ends a program as ever', async () => {
  const program = startRegistered('setInterval(() => undefined, 1000); console.log("up")');
  await expect.poll(program.out, PATIENCE).toBe('up\n');
  program.kill('SIGTERM');
  expect(await program.ended).toBe('SIGTERM');
});

test('it is loaded once, however often it is asked for', async () => {
  const program = `
    await import(${JSON.stringify(register)});
    await import(${JSON.stringify(`${register}?again`)});
    const { ambientRecorder } = await import(${JSON.stringify(index)});
    console.log(globalThis[Symbol.for('relayscope.recorders')].size, ambientRecorder() !== null);`;
  const { ended, out, err } = startRegistered(program);
  expect([await ended, out(), err()]).toEqual([0, '1 true\n', '']);
});

test('an import in the code does what the flag does', async () => {
  const program = `
    import ${JSON.stringify(register)};
    import { ambientRecorder } from ${JSON.stringify(index)};
    console.log(ambientRecorder() !== null);`;
  const { ended, out, err } = startProgram([], program);
  expect([await ended, out(), err()]).toEqual([0, 'true\n', '']);
});

test('a Worker inherits the flag, and is left alone', async () => {
  const worker = `
    import { parentPort } from 'node:worker_threads';
    const shown = globalThis[Symbol.for('relayscope.recorders')]?.size;
    parentPort.postMessage([process.execArgv.length > 0, shown ?? 'none']);`;
  const program = `
    import { Worker } from 'node:worker_threads';
    import { writeFileSync } from 'node:fs';
    writeFileSync('worker.mjs', ${JSON.stringify(worker)});
    new Worker('./worker.mjs').on('message', (message) => console.log(JSON.stringify(message)));`;
  const { ended, out, err } = startRegistered(program);
  expect([await ended, out(), err()]).toEqual([0, '[true,"none"]\n', '']);
});

test('a child that is forked is left alone, and one whose NODE_OPTIONS ask for it is not', async () => {
  const child = "console.log(globalThis[Symbol.for('relayscope.recorders')]?.size ?? 'none')";
  const program = `
    import { fork } from 'node:child_process';
    import { writeFileSync } from 'node:fs';
    writeFileSync('child.mjs', ${JSON.stringify(child)});
    fork('child.mjs').on('close', () => {
      fork('child.mjs', { env: { ...process.env, NODE_OPTIONS: '--import ' + ${JSON.stringify(register)} } });
    });`;
  const { ended, out, err } = startRegistered(program);
  expect([await ended, out(), err()]).toEqual([0, 'none\n1\n', '']);
});

test('a wrong setting is one line, and the program runs on unwatched', async () => {
  const { ended, out, err } = startRegistered('console.log("ran")', { RELAYSCOPE_LIMIT_MS: 'soon' });
  expect([await ended, out(), err()]).toEqual([
    0,
    'ran\n',
    'relayscope: Wrong RELAYSCOPE_LIMIT_MS: expected milliseconds, 50 to 3600000, got "soon" ' +
      '[REGISTER_SETTING_INVALID]; the program runs on unwatched\n',
  ]);
});

test('where no Worker may be started is one line, and the program runs on unwatched', async () => {
  const flags = ['--permission', '--allow-fs-read=*', '--import', register];
  const { ended, out, err } = startProgram(flags, 'console.log("ran")');
  expect([await ended, out()]).toEqual([0, 'ran\n']);
  expect(err()).toMatch(/^relayscope: Cannot start a watchdog: .*\[WATCH_FAILED\]; the program runs on unwatched\n$/);
});

test('a trace that cannot be written is one line, and the program runs on unwatched', async () => {
  const { ended, out, err } = startRegistered('console.log("ran")', { RELAYSCOPE_TRACE: '/proc/no/such.trace' });
  expect([await ended, out()]).toEqual([0, 'ran\n']);
  expect(err()).toMatch(
    /^relayscope: .*\/proc\/no\/such\.trace.*\[TRACE_UNWRITABLE\]; the program runs on unwatched\n$/,
  );
});
