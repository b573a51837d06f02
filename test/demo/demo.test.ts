import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import { readBack } from '../../harness/demo/read-back.ts';
import type { StepResult } from '../../harness/demo/step-result.ts';
import { openTrace } from '../../src/trace/file/open-trace.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import { capturedIo } from '../cli/captured-io.ts';
import { requires } from '../requires.ts';

// The demo has a bound of its own, of twenty seconds, and says what was unlike the story: it must not be cut off before.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'relayscope-demo-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface DemoReport {
  readonly schema: number;
  readonly client: string;
  readonly ok: boolean;
  readonly steps: StepResult[];
}

async function demo(env: NodeJS.ProcessEnv, ...args: string[]): Promise<{ code: number; report: DemoReport }> {
  const { io, out } = capturedIo({ env });
  const code = await runCli(['demo', '--json', '--traces', folder, ...args], io);
  return { code, report: JSON.parse(out()) as DemoReport };
}

/** The whole story for a request of so many bytes. */
function story(bytes: number): unknown[] {
  const wrong = { pos: bytes + 1, cap: bytes, read_done: false, offered: bytes, reported: bytes + 1 };
  const spins = (direction: string): object => ({ findings: [{ class: 'over-report-spin', direction }] });
  const masked = { findings: [{ class: 'over-report-masked', direction: 'a -> b' }] };
  return [
    { name: 'echo', outcome: 'completed', aToB: bytes, bToA: bytes, findings: [] },
    { name: 'two-pumps', outcome: 'parked', direction: 'b -> a', status: 302 },
    { name: 'off-by-one', outcome: 'spinning', direction: 'a -> b', ...wrong, readsOfReply: 0, ...spins('a -> b') },
    { name: 'swapped', outcome: 'spinning', direction: 'b -> a', ...wrong, readsOfReply: 1, ...spins('b -> a') },
    { name: 'masked', outcome: 'completed', direction: 'a -> b', ...wrong, status: 302, aToB: bytes + 1, ...masked },
    {
      name: 'checked',
      outcome: 'failed',
      code: 'WRITE_COUNT_INVALID',
      direction: 'a -> b',
      aToB: 0,
      bToA: 0,
      ...spins('a -> b'),
    },
    { name: 'fixed', outcome: 'completed', status: 302, aToB: bytes, findings: [] },
  ];
}

const curl = requires('curl', () => execFileSync('curl', ['--version']));

test.runIf(curl)('the story comes out with the real curl: 68 bytes, pos 69, cap 68', async () => {
  const { code, report } = await demo({ PATH: process.env['PATH'] });
  expect(report).toMatchObject({ schema: 1, ok: true, client: expect.stringMatching(/^curl \d/) as string });
  expect(report.steps).toMatchObject(story(68));
  expect(code).toBe(0);
  for (const { outcome, iterations = 0, verdictMs = 0, replyBytes = 0 } of report.steps.slice(2, 4)) {
    expect(outcome).toBe('spinning');
    expect(iterations).toBeGreaterThan(10_000);
    expect(verdictMs).toBeLessThan(1000);
    expect(replyBytes).toBe(report.steps[6]?.bToA);
  }
  // The two directions of a reply that never came and one that did.
  expect(report.steps[2]).toMatchObject({ aToB: 69, bToA: 0 });
  expect(report.steps[2]?.status).toBeUndefined();
});

describe('without curl, for another host', () => {
  let code: number;
  let report: DemoReport;
  beforeAll(async () => {
    ({ code, report } = await demo({ PATH: folder }, '--host', 'example.org'));
  });

  test('a client of ours sends the same bytes, and every number follows the host', () => {
    expect(report.client).toContain('no curl here');
    expect(report.steps).toMatchObject(story(75));
    expect(code).toBe(0);
  });

  test.runIf(existsSync('/proc/net/tcp'))('the kernel tells that the reply has arrived and nobody has read it', () => {
    const { replyBytes = 0, unreadBytes = 0 } = report.steps[2] ?? {};
    // Each message has a frame header of 2 and our own byte of kind: one with the reply, one that ends the direction.
    expect(unreadBytes).toBe(replyBytes + 3 + 3);
  });

  test('the trace of the hang holds what led to it, the loop as one line, where it stood, and the verdict', async () => {
    const path = join(folder, 'off-by-one.trace');
    const { events, stack } = await readBack(path);
    expect(events.at(-2)).toMatchObject({ kind: 'write', direction: 'a -> b', pos: 0, cap: 75, offered: 75, n: 76 });
    expect(events.at(-1)).toMatchObject({ kind: 'loop', direction: 'a -> b', pos: 76, cap: 75, read_done: false });
    expect(events.at(-1)?.repeat).toBeGreaterThan(10_000);
    const functions = stack?.frames.map((frame) => frame.function) ?? [];
    expect(functions).toEqual(
      expect.arrayContaining(['CopyBuffer.#loop', 'CopyBuffer.pollCopy', 'BidirectionalCopy.poll']),
    );
    const notes: TraceItem[] = [];
    for await (const item of openTrace(path)) if (item.kind !== 'records') notes.push(item);
    expect(notes[0]).toMatchObject({ kind: 'about', about: { dialect: 'tokio-1.12.0', pid: process.pid } });
    // Not the only one, maybe: on a busy machine the relay is seen to work hard while it starts.
    expect(notes.flatMap((item) => (item.kind === 'verdict' ? [item.verdict] : [])).at(-1)).toMatchObject({
      outcome: 'spinning',
      where: 'copy',
      direction: 'a -> b',
      connection: 1,
    });
    expect(notes.at(-1)).toMatchObject({ kind: 'end', note: { reason: 'closed' } });
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('where the loop stood is told with its locals', () => {
    expect(report.steps[2]).toMatchObject({
      stack: [
        expect.stringMatching(/^CopyBuffer\.#loop \(copy-buffer\.ts:\d+\)$/),
        expect.stringMatching(/^CopyBuffer\.pollCopy /),
        expect.stringMatching(/^Transfer\.poll /),
        expect.stringMatching(/^BidirectionalCopy\.poll /),
      ],
      locals: { pos: '76', cap: '75', amt: '76', readDone: 'false', needFlush: 'true' },
    });
  });
});

test('the screen says where it stands and what to type next', async () => {
  const { io, out } = capturedIo({ env: { PATH: folder } });
  expect(await runCli(['demo', '--traces', folder], io)).toBe(0);
  expect(out()).toMatch(/stands in {2}CopyBuffer\.#loop \(copy-buffer\.ts:\d+\) < CopyBuffer\.pollCopy < /);
  expect(out()).toContain(' pos 69, cap 68, amt 69, readDone false, needFlush true\n');
  const proofs = [...out().matchAll(/finding {4}(\S+), (. -> .), proved by event \d+: relayscope why \S+\.trace\n/g)];
  expect(proofs.map(([, name = '', direction = '']) => `${name} ${direction}`)).toEqual([
    'over-report-spin a -> b',
    'over-report-spin b -> a',
    'over-report-masked a -> b',
    'over-report-spin a -> b',
  ]);
  expect(out()).toMatch(/next {7}npm run relayscope -- why \S+off-by-one\.trace\n/);
  expect(out()).toMatch(/ npm run relayscope -- inspect \S+off-by-one\.trace\n/);
  expect(out()).toMatch(/npm run relayscope -- diff \S+fixed\.trace \S+off-by-one\.trace\n$/);
});

test.each(['/dev/null/traces', '/proc/none'])(
  '%s, which cannot be written, is one line and exit code 2',
  async (traces) => {
    const { io, err } = capturedIo({ env: { PATH: folder } });
    expect(await runCli(['demo', '--traces', traces], io)).toBe(2);
    expect(err()).toMatch(/^relayscope: Cannot write the trace .*\[TRACE_UNWRITABLE\]\n$/);
  },
);

test.runIf(curl && existsSync('/proc/self/environ')).each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
  '%s in the middle of a hang leaves no process behind',
  async (signal) => {
    const mark = `RELAYSCOPE_MARK=${folder}${signal}`;
    const main = join(import.meta.dirname, '../../harness/cli/main.ts');
    const child = spawn(process.execPath, [main, 'demo', '--traces', folder], {
      env: { PATH: process.env['PATH'], RELAYSCOPE_MARK: `${folder}${signal}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let shown = '';
    for await (const text of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
      shown += text;
      if (shown.includes('off-by-one') && !child.killed) child.kill(signal);
    }
    const ended: unknown[] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
    expect(ended[0]).toBe({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGQUIT: 131 }[signal]);
    expect(shown).not.toContain('swapped');
    expect(processesWith(mark)).toEqual([]);
  },
);

/** The processes with this in their environment. */
function processesWith(mark: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
      } catch {
        // It has ended meanwhile, or is somebody else's.
        return false;
      }
    });
}
