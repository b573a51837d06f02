import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { mainThreadMoment } from '../../harness/attach/thread-activity.ts';
import { runCli } from '../../harness/cli/run-cli.ts';
import { capturedIo } from '../cli/captured-io.ts';
import { Target, until } from './target.ts';

/** A main thread that stands in a system call can be asked nothing; what it waits for is seen from outside. */

const targets: Target[] = [];
const folder = mkdtempSync(join(tmpdir(), 'relayscope-attach-'));
afterEach(async () => {
  for (const target of targets.splice(0)) await target.kill();
  rmSync(folder, { recursive: true, force: true });
});

async function blocked(script: string, sleepsIn: RegExp, options?: readonly string[]): Promise<Target> {
  const target = await Target.start(`require('node:fs').writeSync(1, 'ready'); ${script}`, options);
  targets.push(target);
  await until(() => sleepsIn.test(mainThreadMoment(target.pid).sleepsIn ?? ''));
  return target;
}

async function messageOf(target: Target): Promise<unknown> {
  const { io, out } = capturedIo();
  expect(await runCli(['attach', '--watch-ms', '100', '--json', String(target.pid)], io)).toBe(3);
  const { outcome, message } = JSON.parse(out()) as { outcome: string; message: string };
  expect(outcome).toBe('blocked');
  expect(target.stdout).toBe('ready');
  return message;
}

describe.runIf(process.platform === 'linux')('blocked', () => {
  test('in reading a pipe that nobody writes to: the file is named', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const target = await blocked(
      `const fd = require('node:fs').openSync(${JSON.stringify(pipe)}, 'r+');
       require('node:fs').readSync(fd, Buffer.alloc(1));`,
      /pipe/,
    );
    expect(await messageOf(target)).toMatch(new RegExp(`^its main thread stands in read of ${pipe}, `));
    expect(target.stderr).toBe('');
  });

  test('in Atomics.wait, which lets a debugger in: the stack is seen, too', async () => {
    const wait = `function waits() { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); } waits();`;
    const target = await blocked(wait, /futex/);
    expect(await messageOf(target)).toMatch(/: it stands in futex .*, called by waits \(\[eval\]:1\)$/);
    expect(target.ports).toEqual([]);
  });

  test('with its inspector open already it does not answer either', async () => {
    const target = await blocked(`require('node:child_process').execFileSync('sleep', ['60']);`, /poll/, [
      '--inspect=0',
    ]);
    const [, child = '0'] = /for its child (\d+) \(sleep 60\)$/.exec(String(await messageOf(target))) ?? [];
    expect(target.ports).toHaveLength(1);
    process.kill(Number(child), 'SIGKILL');
  });
});
