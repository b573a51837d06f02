import { expect, onTestFinished, test } from 'vitest';
import type { Verdict } from '../../src/trace/trace-note.ts';
import { superviseChild } from '../../src/watch/supervise-child.ts';

/** Programs that say once over the pipe that they are alive, as a watchdog does, and then what `code` does. */
function supervise(code: string, silenceLimitMs: number) {
  const alive = `const say = () => require('fs').writeSync(3, '{"relayscope":"alive","atMs":5}\\n'); say();`;
  const verdicts: Verdict[] = [];
  const watch = superviseChild(
    { command: process.execPath, args: ['-e', `${alive} ${code}`] },
    { silenceLimitMs, onVerdict: (verdict) => verdicts.push(verdict) },
  );
  onTestFinished(() => watch.end());
  return { watch, verdicts };
}

test('a process that as a whole gives no sign of life is blocked, and recovers', async () => {
  // It stands in a system call until it is sent something.
  const { watch, verdicts } = supervise("require('fs').readSync(0, new Uint8Array(1)); say();", 200);
  await expect.poll(() => verdicts.length).toBe(1);
  expect(verdicts[0]).toMatchObject({ outcome: 'blocked', where: 'outside' });
  expect(verdicts[0]?.message).toMatch(/^The process as a whole gives no sign of life, its watchdog neither, for \d/);
  expect(watch.state).toBe('silent');
  watch.child.stdin?.write('x');
  await expect.poll(() => verdicts.length).toBe(2);
  expect(verdicts[1]).toMatchObject({ outcome: 'recovered', atMs: 5 });
});

// Its watchdog may be as alive as ever, and wait for its turn: that is the machine's doing.
test.runIf(process.platform === 'linux')(
  'a process that is ready to run gets more time',
  async () => {
    const { verdicts } = supervise('for (;;);', 50);
    await expect.poll(() => verdicts.length, { timeout: 60_000 }).toBe(1);
    expect(verdicts[0]?.silentMs).toBeGreaterThanOrEqual(1000);
  },
  60_000,
);
