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
    const calls: Call[] = [];
    // In the first poll a -> b finds nothing, so that b -> a has all 128 units but the one of its own call.
    const a = budgeted(new ScriptedStream('a', { read: ['p', 0] }, calls));
    const b = budgeted(new ScriptedStream('b', { read: Array.from({ length: 1000 }, () => 8192) }, calls));
    runCopy(a, b, {
      dialect: resolveDialect('tokio-1.36.0'),
      coopBudget: true,
      onPoll: (k) => calls.push(['poll', k]),
    });
    const second = calls.findIndex((call) => call[0] === 'poll' && call[1] === 2);
    // One unit went to the read of a that was Pending.
    expect(calls.slice(0, second).filter((call) => call[1] === 'read' || call[1] === 'write')).toHaveLength(1 + 126);
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

  test.each(['tokio-1.9.0', 'tokio-1.53.1'])(
    'a count of -1 leaves %s an empty slice, which is written as zero',
    (dialect) => {
      let writes = 0;
      const a = new ScriptedStream('a', { read: [68, 0] }, []);
      const b = new ScriptedStream('b', { read: [0] }, []);
      const honest = b.pollWrite.bind(b);
      b.pollWrite = (...call) => (writes++ === 0 ? -1 : honest(...call));
      expect(runCopy(a, b, { dialect: resolveDialect(dialect) }).outcome).toMatchObject({
        error: { code: 'WRITE_ZERO' },
      });
    },
  );

  test('they come out as the amount in 1.53', () => {
    expect(lying('tokio-1.53.1', undefined)).toMatchObject({
      outcome: { kind: 'completed' },
      counts: { aToB: Number.NaN },
    });
    expect(lying('tokio-1.53.1', '68')).toMatchObject({ outcome: { kind: 'completed' }, counts: { aToB: '068' } });
  });
});
