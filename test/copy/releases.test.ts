import { describe, expect, test } from 'vitest';
import { runCopy, type CopyRun, type RunCopyOptions } from '../../harness/sim/run-copy.ts';
import type { Script } from '../../harness/sim/script.ts';
import { ScriptedStream, type Call } from '../../harness/sim/scripted-stream.ts';
import { resolveDialect } from '../../src/copy/dialect.ts';
import type { Context } from '../../src/poll/context.ts';
import { PENDING } from '../../src/poll/pending.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';

/** What the recorded calls do not hold: other releases, the budget, buffers of no size, and what is no count at all. */

function run(dialect: string, a: Script, b: Script, options: RunCopyOptions = {}): CopyRun & { calls: Call[] } {
  const calls: Call[] = [];
  const streams = [new ScriptedStream('a', a, calls), new ScriptedStream('b', b, calls)] as const;
  return { ...runCopy(...streams, { dialect: resolveDialect(dialect), ...options }), calls };
}

test('tokio 1.9 never flushes while the reader idles, 1.10 does', () => {
  const flushes = (dialect: string): number =>
    run(dialect, { read: [68, 'x'] }, { read: ['x'] }).calls.filter((call) => call[1] === 'flush').length;
  expect(flushes('tokio-1.9.0')).toBe(0);
  expect(flushes('tokio-1.10.0')).toBe(1);
});

test('a debug build of 1.21 panics where a release build spins', () => {
  const script = [{ read: [68, 'x'] }, { read: ['x'], write: [{ d: 1 }] }] as const;
  expect(run('tokio-1.21.2', ...script).outcome.kind).toBe('spinning');
  expect(run('tokio-1.21.2-debug', ...script).outcome).toMatchObject({ error: { code: 'ASSERTION_FAILED' } });
});

test('buffers of no size end at once in 1.38 and spin in 1.39', () => {
  const run1 = run('tokio-1.38.0', { read: [68, 0] }, { read: [302, 0] }, { bufferBytes: 0 });
  expect(run1).toMatchObject({ outcome: { kind: 'completed' }, counts: { aToB: 0, bToA: 0 } });
  expect(run('tokio-1.39.0', { read: [68, 0] }, {}, { bufferBytes: 0 }).outcome.kind).toBe('spinning');
});

describe('the cooperative budget', () => {
  /** A stream as tokio's sockets are: every operation that succeeds costs a unit, and without one it wakes and waits. */
  function budgeted(inner: PollStream): PollStream {
    const spend = (cx: Context, act: () => number): number => {
      if (cx.budget === null || cx.budget.take()) return act();
      cx.register().wake();
      return PENDING;
    };
    return {
      pollRead: (cx, bytes, start, end) => spend(cx, () => inner.pollRead(cx, bytes, start, end)),
      pollWrite: (cx, bytes, start, end) => spend(cx, () => inner.pollWrite(cx, bytes, start, end, false)),
      pollFlush: (cx) => inner.pollFlush(cx),
      pollShutdown: (cx) => inner.pollShutdown(cx),
    };
  }

  function firstReadOfB(dialect: string, chunks: number): number {
    const calls: Call[] = [];
    const a = budgeted(new ScriptedStream('a', { read: Array.from({ length: chunks }, () => 8192) }, calls));
    const b = new ScriptedStream('b', { read: [302] }, calls);
    runCopy(a, b, { dialect: resolveDialect(dialect), coopBudget: true });
    return calls.filter(
      (call, index) => call[1] === 'write' && index < calls.findIndex((one) => one[0] === 'b' && one[1] === 'read'),
    ).length;
  }

  test('b -> a moves after 128 units up to 1.35, and only after all of a -> b from 1.36', () => {
    expect(firstReadOfB('tokio-1.35.0', 1000)).toBe(128);
    expect(firstReadOfB('tokio-1.36.0', 1000)).toBe(1000);
  });

  test('a call that makes no progress gives its unit back', () => {
    const pending = Array.from({ length: 500 }, () => 'p' as const);
    const script = { read: [...pending, 68, 0] };
    const polls = (coopBudget: boolean): number => run('tokio-1.53.1', script, { read: [0] }, { coopBudget }).polls;
    expect(polls(true)).toBe(polls(false));
  });
});

describe('what is no count in JavaScript', () => {
  function lying(dialect: string, reported: unknown): CopyRun {
    const reader = new ScriptedStream('a', { read: [68, 0] }, []);
    const inner = new ScriptedStream('b', { read: [0] }, []);
    const writer: PollStream = {
      pollRead: inner.pollRead.bind(inner),
      // Typed as a number, as a mistaken stream in JavaScript would be.
      pollWrite: () => reported as number,
      pollFlush: inner.pollFlush.bind(inner),
      pollShutdown: inner.pollShutdown.bind(inner),
    };
    return runCopy(reader, writer, { dialect: resolveDialect(dialect), limits: { iterationsPerPoll: 1000 } });
  }

  test.each([undefined, Number.NaN, '68'])('%j spins in 1.35', (reported) => {
    expect(lying('tokio-1.35.0', reported).outcome.kind).toBe('spinning');
  });

  test('they come out as the amount in 1.53', () => {
    expect(lying('tokio-1.53.1', undefined)).toMatchObject({
      outcome: { kind: 'completed' },
      counts: { aToB: Number.NaN },
    });
    expect(lying('tokio-1.53.1', '68')).toMatchObject({ outcome: { kind: 'completed' }, counts: { aToB: '068' } });
  });
});
