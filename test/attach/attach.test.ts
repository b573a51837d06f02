import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { procText } from '../../harness/attach/proc-text.ts';
import { mainThreadMoment } from '../../harness/attach/thread-activity.ts';
import { runCli } from '../../harness/cli/run-cli.ts';
import { capturedIo } from '../cli/captured-io.ts';
import { Target, until } from './target.ts';

/** Real processes that are stuck in every way there is: what attach says of them, and that it leaves them as they were. */

const targets: Target[] = [];
afterEach(async () => {
  for (const target of targets.splice(0)) await target.kill();
});

async function started(script: string, options?: readonly string[]): Promise<Target> {
  const target = await Target.start(script, options);
  targets.push(target);
  return target;
}

async function attach(...args: (string | number)[]): Promise<{ code: number; out: string; err: string }> {
  const { io, out, err } = capturedIo();
  const code = await runCli(['attach', '--watch-ms', '100', ...args.map(String)], io);
  return { code, out: out(), err: err() };
}

interface Report {
  readonly outcome: string;
  readonly message: string;
  readonly sockets: { readonly state: string; readonly remote?: string }[];
  readonly frames: {
    readonly function: string;
    readonly locals: { readonly name: string; readonly value: string }[];
  }[];
}

async function reportOf(target: Target, ...args: string[]): Promise<{ code: number; report: Report }> {
  const { code, out, err } = await attach('--json', ...args, target.pid);
  if (out === '') throw new Error(err);
  return { code, report: JSON.parse(out) as Report };
}

const READY = `require('node:fs').writeSync(1, 'ready\\n');`;

const SPIN = `
  class CopyBuffer {
    pos = 69; cap = 68; readDone = false;
    pollCopy() { for (let iterations = 0; this.pos !== this.cap; iterations += 1) globalThis.rounds = iterations; }
  }
  function relay() { ${READY} new CopyBuffer().pollCopy(); }
  relay();`;

const ECHO = `
  const server = require('node:net').createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
  server.listen(0, '127.0.0.1', () => { console.log('port', server.address().port, 'ready'); });`;

/** A relay that reads a request, pauses its client, and forgets to resume it. */
const FORGETS = `
  const net = require('node:net');
  const relay = net.createServer((client) => {
    client.once('data', () => { client.pause(); console.log('paused'); });
  });
  relay.listen(0, '127.0.0.1', () => { console.log('port', relay.address().port, 'ready'); });`;

const isAsleep = (pid: number): boolean => mainThreadMoment(pid).sleepsIn?.includes('poll') === true;
const portOf = (target: Target): number => Number(/port (\d+)/.exec(target.stdout)?.[1]);

async function connected(target: Target) {
  const socket = connect(portOf(target), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

describe.runIf(process.platform === 'linux')('attach', () => {
  test('a loop that never ends: its function, what stays, what moves; it goes on, and nothing listens', async () => {
    const target = await started(SPIN);
    const { code, report } = await reportOf(target);
    expect(code).toBe(3);
    expect(report).toMatchObject({
      schema: 1,
      pid: target.pid,
      outcome: 'spinning',
      loop: 'synchronous',
      thread: 'main',
      runtime: process.version,
      loopFrame: { function: 'CopyBuffer.pollCopy' },
      turnsPerSecond: 0,
      warnings: [],
    });
    expect(report.frames.slice(0, 2).map((frame) => frame.function)).toEqual(['CopyBuffer.pollCopy', 'relay']);
    expect(report.frames[0]?.locals).toEqual(
      expect.arrayContaining([
        { name: 'this.pos', value: '69' },
        { name: 'this.cap', value: '68' },
        { name: 'this.readDone', value: 'false' },
      ]),
    );
    await target.works();
    expect(target.ports).toEqual([]);
    expect(target.stdout).toBe('ready\n');
  });

  test('on the screen the verdict comes first, then the stack with its locals', async () => {
    const target = await started(SPIN);
    const { code, out } = await attach(target.pid);
    expect(code).toBe(3);
    expect(out.replaceAll(/\n {2}(?=\S)/g, '\n')).toMatch(
      /^Process \d+ spins: its event loop has not turned for \d\.\d s: it goes round in CopyBuffer\.pollCopy/,
    );
    expect(out).toContain('this.pos = 69\n');
    expect(out).not.toContain('\u001b[');
  });

  test('a loop of microtasks is told from a synchronous one', async () => {
    const target = await started(`
      async function pump() { ${READY} let waits = 0; for (;;) { await null; waits += 1; } }
      setImmediate(pump);`);
    const { code, report } = await reportOf(target);
    expect(code).toBe(3);
    expect(report).toMatchObject({ outcome: 'spinning', loop: 'microtask' });
    expect(report.frames[0]?.function).toMatch(/pump$/);
    await target.works();
    expect(target.ports).toEqual([]);
  });

  test('a loop of ticks is found in the program’s function, though every pause is in Node’s', async () => {
    const target = await started(`
      let ticks = 0;
      function again() { ticks += 1; process.nextTick(again); }
      ${READY} setImmediate(again);`);
    const { report } = await reportOf(target);
    expect(report).toMatchObject({ outcome: 'spinning', loop: 'microtask' });
    expect(report.frames.map((frame) => frame.function)).toContain('again');
    await target.works();
    expect(target.ports).toEqual([]);
  });

  test('a loop through the event loop that moves no byte livelocks', async () => {
    const target = await started(`
      let rounds = 0;
      function poll() { rounds += 1; setImmediate(poll); }
      ${READY} poll();`);
    const { code, report } = await reportOf(target);
    expect(code).toBe(3);
    expect(report).toMatchObject({ outcome: 'livelocked', loop: 'event-loop' });
    expect(report.frames.some((frame) => frame.function.endsWith('poll'))).toBe(true);
    await target.works();
    expect(target.ports).toEqual([]);
  });

  test('a relay without work waits, says for whom, and answers afterwards', async () => {
    const target = await started(ECHO);
    const client = await connected(target);
    client.write('x');
    await once(client, 'data');
    const { code, report } = await reportOf(target);
    expect(code).toBe(0);
    expect(report).toMatchObject({ outcome: 'waiting', loop: null, frames: [] });
    const local = `127.0.0.1:${client.localPort ?? 0}`;
    expect(report.sockets.find(({ remote }) => remote === local)).toMatchObject({
      bytesRead: 1,
      bytesWritten: 1,
      state: 'waits for bytes from its peer',
    });
    client.write('again');
    expect(String((await once(client, 'data'))[0])).toBe('again');
    expect(target.ports).toEqual([portOf(target)]);
    client.destroy();
  });

  test('a socket that was paused and forgotten is what a relay waits for, for ever', async () => {
    const target = await started(FORGETS);
    const client = await connected(target);
    client.write('GET /');
    await target.prints('paused');
    client.write('x'.repeat(302));
    const { code, report } = await reportOf(target);
    expect(code).toBe(3);
    expect(report.outcome).toBe('parked');
    const local = `127.0.0.1:${client.localPort ?? 0}`;
    const { state = '' } = report.sockets.find(({ remote }) => remote === local) ?? {};
    expect(state).toMatch(/^302 bytes (?:unread in the kernel|read and not taken): it is paused$/);
    client.destroy();
  });

  test('a thread in execSync is blocked, by its child, and is not even asked', async () => {
    const target = await started(`${READY} require('node:child_process').execFileSync('sleep', ['60']);`);
    await until(() => procText(`${target.pid}/task/${target.pid}/children`)?.trim() !== '' && isAsleep(target.pid));
    const { code, report } = await reportOf(target);
    expect(code).toBe(3);
    expect(report).toMatchObject({ outcome: 'blocked', loop: null, runtime: null, frames: [], warnings: [] });
    const [, child = '0'] = /for its child (\d+) \(sleep 60\)/.exec(report.message) ?? [];
    process.kill(Number(child), 'SIGKILL');
    await once(target.child, 'close');
    expect(target.stderr).not.toContain('Debugger');
  });

  test('an inspector that was open before is used, and left open', async () => {
    const target = await started(SPIN, ['--inspect=0']);
    const [port] = target.ports;
    const { report } = await reportOf(target);
    expect(report.outcome).toBe('spinning');
    expect(target.ports).toEqual([port]);
    await target.works();
    await reportOf(target, '--close');
    await until(() => target.ports.length === 0);
    await target.works();
  });

  test('an inspector that the program opened by itself is used, and left open', async () => {
    const target = await started(`require('node:inspector').open(0); ${READY} setInterval(() => {}, 1e6);`, []);
    const [port] = target.ports;
    expect((await reportOf(target)).report.outcome).toBe('waiting');
    expect(target.ports).toEqual([port]);
  });

  test('it may be done again and again', async () => {
    const target = await started(SPIN);
    for (let times = 0; times < 3; times += 1) {
      expect((await reportOf(target)).report.outcome).toBe('spinning');
      expect(target.ports).toEqual([]);
    }
    await target.works();
  });

  test('a Worker that spins while the main thread is idle is found', async () => {
    const target = await started(`
      const { Worker } = require('node:worker_threads');
      const worker = new Worker("function spin() { require('node:fs').writeSync(1, 'ready'); for (;;); } spin();", { eval: true });`);
    const { code, report } = await reportOf(target);
    expect(code).toBe(3);
    expect(report).toMatchObject({ outcome: 'spinning', loop: 'synchronous', thread: 'worker 1' });
    expect(report.frames[0]?.function).toBe('spin');
    expect(target.ports).toEqual([]);
  });
});
