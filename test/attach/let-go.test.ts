import { afterEach, describe, expect, test } from 'vitest';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { attach } from '../../harness/attach/attach.ts';
import { probeInspector } from '../../harness/attach/probe-inspector.ts';
import { mainThreadMoment } from '../../harness/attach/thread-activity.ts';
import { WebSocketClient } from '../../harness/attach/web-socket-client.ts';
import { systemClock } from '../../src/poll/clock.ts';
import { captureStack } from '../../src/watch/capture-stack.ts';
import { Target, until } from './target.ts';

/** Whatever becomes of attach, the process that it looked into goes on. */

const targets: Target[] = [];
afterEach(async () => {
  for (const target of targets.splice(0)) await target.kill();
});

const SPIN = `function spin() { for (let round = 0; ; round += 1) globalThis.round = round; } console.log('ready'); spin();`;

async function started(options?: readonly string[]): Promise<Target> {
  const target = await Target.start(SPIN, options);
  targets.push(target);
  return target;
}

const source = (file: string): string => JSON.stringify(pathToFileURL(join(import.meta.dirname, '../..', file)).href);

/**
 * Resolves when a thread has slept for 20 looks and done nothing: one that goes round never sleeps. It may be woken once
 * more by the end of a connection.
 */
async function standsStill(pid: number): Promise<void> {
  let last = mainThreadMoment(pid).cpuMs;
  let looks = 0;
  await until(() => {
    const { sleepsIn, cpuMs } = mainThreadMoment(pid);
    looks = sleepsIn !== null && cpuMs === last ? looks + 1 : 0;
    last = cpuMs;
    return looks === 20;
  });
}

async function inspectorOf(target: Target): Promise<string> {
  const [port = 0] = target.ports;
  const url = await probeInspector('127.0.0.1', port);
  if (url === null) throw new Error('expected an inspector');
  return url;
}

describe.runIf(process.platform === 'linux')('let go', () => {
  test('a process whose attach was killed in the middle of a pause goes on', async () => {
    const target = await started(['--inspect=0']);
    const holder = new Target(process.execPath, [
      '--input-type=module',
      '-e',
      `import { WebSocketClient } from ${source('harness/attach/web-socket-client.ts')};
       import { captureStack } from ${source('src/watch/capture-stack.ts')};
       import { systemClock as clock } from ${source('src/poll/clock.ts')};
       const client = await WebSocketClient.connect(${JSON.stringify(await inspectorOf(target))}, { clock, timeoutMs: 5000 });
       console.log((await captureStack(client, { clock, timeoutMs: 5000, keepPaused: true })).kind);
       setInterval(() => {}, 1e6);`,
    ]);
    targets.push(holder);
    await holder.prints('paused');
    await expect(standsStill(target.pid)).resolves.toBeUndefined();
    await holder.kill();
    await target.works();
  });

  test('an attach that is interrupted lets go and closes the inspector', async () => {
    const target = await started();
    const stop = new AbortController();
    const attached = attach(target.pid, { clock: systemClock, signal: stop.signal, windowMs: 60_000 });
    void until(() => target.stderr.includes('Debugger attached')).then(() => {
      stop.abort();
    });
    await expect(attached).rejects.toMatchObject({ code: 'ATTACH_CANCELLED' });
    expect(target.ports).toEqual([]);
    await target.works();
  });

  test('what a debugger holds is left held', async () => {
    const target = await started(['--inspect=0']);
    const debug = await WebSocketClient.connect(await inspectorOf(target), { clock: systemClock, timeoutMs: 5000 });
    const captured = await captureStack(debug, { clock: systemClock, timeoutMs: 5000, keepPaused: true });
    expect(captured.kind).toBe('paused');
    await expect(
      attach(target.pid, { clock: systemClock, signal: new AbortController().signal }),
    ).rejects.toMatchObject({ code: 'ATTACH_HELD' });
    await expect(standsStill(target.pid)).resolves.toBeUndefined();
    debug.close();
    await target.works();
  });

  test('a process that ends meanwhile is an error of one line', async () => {
    const target = await started();
    const attached = attach(target.pid, {
      clock: systemClock,
      signal: new AbortController().signal,
      windowMs: 60_000,
    });
    void until(() => target.stderr.includes('Debugger attached')).then(() => target.kill());
    await expect(attached).rejects.toMatchObject({ code: 'INSPECTOR_FAILED' });
  });
});
