import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { procText } from '../../harness/attach/proc-text.ts';
import { runCli } from '../../harness/cli/run-cli.ts';
import { capturedIo } from '../cli/captured-io.ts';
import { Target, until } from './target.ts';

/** What attach must not touch: SIGUSR1 is the end of a process that does not catch it. */

const targets: Target[] = [];
afterEach(async () => {
  for (const target of targets.splice(0)) await target.kill();
});

function running(program: string, args: readonly string[], options: { uid?: number } = {}): Target {
  const target = new Target(program, args, options);
  targets.push(target);
  return target;
}

async function attach(...args: (string | number)[]): Promise<{ code: number; err: string; out: string }> {
  const { io, out, err } = capturedIo();
  const code = await runCli(['attach', ...args.map(String)], io);
  return { code, out: out(), err: err() };
}

test.each([
  ['no process', [], 'No process: expected its PID'],
  ['a word', ['relay.mjs'], 'Wrong PID: expected a whole number from 1 to 4194304, got "relay.mjs"'],
  ['zero, which is a group', ['0'], 'Wrong PID'],
  ['a negative number, which is an option', ['-1'], "Unknown option '-1'"],
  ['a fraction', ['1.5'], 'Wrong PID'],
  ['a number too large', ['99999999999'], 'Wrong PID'],
  ['two processes', ['1', '2'], 'expected one PID, got also "2"'],
  ['this very process', [process.pid], 'expected another process'],
  ['a time that is none', ['--watch-ms', 'soon', '1'], 'Wrong value of --watch-ms'],
])('%s is one line and exit code 2', async (_, args, message) => {
  const { code, err, out } = await attach(...args);
  expect(code).toBe(2);
  expect(err).toContain(message);
  expect(err.trimEnd().split('\n')).toHaveLength(2);
  expect(out).toBe('');
});

describe.runIf(process.platform === 'linux')('refused', () => {
  /** The code that it is refused with, in one line. */
  async function refusalOf(pid: number): Promise<string | undefined> {
    const { code, err, out } = await attach(pid);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    return /^relayscope: [^\n]+ \[(\w+)\]\n$/.exec(err)?.[1];
  }

  test('a number that no process has', async () => {
    const target = running('true', []);
    await once(target.child, 'close');
    expect(await refusalOf(target.pid)).toBe('ATTACH_NO_SUCH_PROCESS');
  });

  test('what is no Node lives on, whether it catches the signal or not', async () => {
    const sleeper = running('sleep', ['60']);
    expect(await refusalOf(sleeper.pid)).toBe('ATTACH_NOT_NODE');
    const catcher = running('sh', ['-c', 'trap "echo caught" USR1; echo ready; while :; do sleep 0.05; done']);
    await catcher.prints('ready');
    expect(await refusalOf(catcher.pid)).toBe('ATTACH_NOT_NODE');
    expect([sleeper.isAlive, catcher.isAlive, catcher.stdout]).toEqual([true, true, 'ready\n']);
  });

  test('a Node that does not catch the signal lives on', async () => {
    const target = await Target.start(`console.log('ready'); setInterval(() => {}, 1e6)`, ['--disable-sigusr1']);
    targets.push(target);
    expect(await refusalOf(target.pid)).toBe('ATTACH_NOT_NODE');
    expect(target.isAlive).toBe(true);
  });

  test('a process of another user', async () => {
    // Root may do anything, and still must not do this; whoever is not root is refused root's first process.
    const pid = process.getuid?.() === 0 ? running('sleep', ['60'], { uid: 65_534 }).pid : 1;
    expect(await refusalOf(pid)).toBe('ATTACH_OTHER_USER');
  });

  test('a process that is stopped, which stays so', async () => {
    const target = await Target.start(`console.log('ready'); setInterval(() => {}, 1e6)`);
    targets.push(target);
    target.child.kill('SIGSTOP');
    await until(() => stateOf(target.pid) === 'T');
    expect(await refusalOf(target.pid)).toBe('ATTACH_STOPPED');
    expect(stateOf(target.pid)).toBe('T');
  });

  test('a process whose inspector would find its port taken, by whom, without disturbing it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const target = await Target.start(`console.log('ready'); setInterval(() => {}, 1e6)`, [`--inspect-port=${port}`]);
    targets.push(target);
    const { code, err } = await attach(target.pid);
    expect(code).toBe(2);
    expect(err).toContain(`would open its inspector on port ${port}, where process ${process.pid} listens`);
    expect(target.stderr).toBe('');
    await new Promise((resolve) => server.close(resolve));
  });

  test('a process with a listener of its own for the signal', async () => {
    const target = await Target.start(
      `process.on('SIGUSR1', () => console.log('caught')); console.log('ready'); setInterval(() => {}, 1e6)`,
    );
    targets.push(target);
    expect(await refusalOf(target.pid)).toBe('ATTACH_INSPECTOR_UNREACHABLE');
    expect([target.isAlive, target.stdout]).toEqual([true, 'ready\ncaught\n']);
  });
});

function stateOf(pid: number): string {
  return /^State:\s*(\S)/m.exec(procText(`${pid}/status`) ?? '')?.[1] ?? '';
}
