import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FreezeChild, type FreezeChildOptions } from '../../harness/bench/freeze-child.ts';
import { FREEZE_KINDS, type FreezeKind } from '../../harness/bench/freeze-kind.ts';
import type { Verdict } from '../../src/trace/trace-note.ts';
import { itemsOf, readTrace } from './support/read-trace.ts';
import { scratch } from './support/scratch.ts';

/** Programs that are really stuck, each in a process of its own, watched from within and ended from here. */

/** That a function does not end is told by the processor's time, of which a busy machine gives little. */
const JUDGEMENT_TIMEOUT_MS = 120_000;

function start(kind: FreezeKind, options: FreezeChildOptions = {}): FreezeChild {
  const child = new FreezeChild(kind, options);
  onTestFinished(() => child.end());
  return child;
}

/** The first of a program's verdicts that is so; on a busy machine one without its stack may come before. */
async function verdictThat(child: FreezeChild, is: (verdict: Verdict) => boolean): Promise<Verdict> {
  for (let number = 0; ; number += 1) {
    const verdict = await verdictOf(child, number);
    if (is(verdict)) return verdict;
  }
}

async function verdictOf(child: FreezeChild, number: number): Promise<Verdict> {
  const arrived = await child.verdict(number);
  if (arrived === null) throw new Error('expected a verdict, but the program ended');
  return arrived.verdict;
}

describe('what holds up a program is told apart', () => {
  test('a loop of the copy without I/O, with its locals in the trace', async () => {
    const tracePath = join(scratch(), 'spin.trace');
    const child = start('spin', { tracePath });
    const verdict = await verdictOf(child, 0);
    expect(verdict).toMatchObject({ ...FREEZE_KINDS.spin, connection: 1, direction: 'a -> b' });
    expect(verdict.rounds).toBeGreaterThan(1000);
    expect(verdict.silentMs).toBeGreaterThanOrEqual(250);
    // The stack is in the trace before the verdict is told that rests on it.
    await verdictThat(child, ({ message }) => message.includes('pos 69, cap 68'));
    await child.end();
    const { items, events } = await readTrace(tracePath);
    expect(itemsOf(items, 'verdict')[0]?.verdict.outcome).toBe('spinning');
    const frames = itemsOf(items, 'stack')[0]?.note.frames ?? [];
    const loop = frames.find(({ locals }) => locals.some(({ name }) => name === 'this.pos'));
    expect(loop?.function).toMatch(/^CopyBuffer\./);
    expect(loop?.locals).toContainEqual({ name: 'this.pos', value: '69' });
    expect(loop?.locals).toContainEqual({ name: 'this.cap', value: '68' });
    expect(loop?.locals).toContainEqual({ name: 'this.readDone', value: 'false' });
    expect(events.map(({ kind }) => kind)).toEqual(['poll', 'read', 'write', 'loop']);
    expect(events[2]).toMatchObject({ n: 69, offered: 68 });
  });

  test('microtasks that follow one another without end', { timeout: JUDGEMENT_TIMEOUT_MS }, async () => {
    const child = start('microtask');
    expect(await verdictOf(child, 0)).toMatchObject({ outcome: 'busy', where: 'outside' });
    const later = await verdictThat(child, ({ outcome }) => outcome === 'spinning');
    expect(later).toMatchObject({ loop: 'microtask', where: 'outside' });
    expect(later.message).toContain('goRoundInMicrotasks (freeze-process.ts:');
  });

  test('a system call, and that it has returned', async () => {
    const child = start('blocked');
    expect(await verdictOf(child, 0)).toMatchObject(FREEZE_KINDS.blocked);
    await verdictThat(child, ({ outcome }) => outcome === 'recovered');
  });

  test('polls through the event loop that move no byte', async () => {
    const verdict = await verdictOf(start('livelock'), 0);
    expect(verdict).toMatchObject({ ...FREEZE_KINDS.livelock, connection: 1, direction: 'a -> b' });
    expect(verdict.message).toContain('read returned pending');
  });

  test('a half that nobody will wake', async () => {
    const verdict = await verdictOf(start('parked'), 0);
    expect(verdict).toMatchObject({ ...FREEZE_KINDS.parked, connection: 1, direction: 'a -> b', half: 'read' });
  });

  test('honest work outside a copy is busy, and ends', async () => {
    const tracePath = join(scratch(), 'busy.trace');
    const workUntil = join(scratch(), 'over');
    const child = start('busy', { tracePath, workUntil });
    expect(await verdictOf(child, 0)).toMatchObject(FREEZE_KINDS.busy);
    // On a busy machine the stack comes after the verdict; the work lasts until it has.
    const seen = await verdictThat(child, ({ message }) => / in \w+ \(freeze-process\.ts:/.test(message));
    writeFileSync(workUntil, '');
    expect(seen).toMatchObject(FREEZE_KINDS.busy);
    await verdictThat(child, ({ outcome }) => outcome === 'recovered');
    await child.end();
    const { items } = await readTrace(tracePath);
    const note = itemsOf(items, 'stack')[0]?.note;
    expect(note?.thread).toBe('main');
    expect(note?.frames.map((frame) => frame.function)).toContain('work');
    expect(new Set(itemsOf(items, 'verdict').map((item) => item.verdict.outcome))).toEqual(
      new Set(['busy', 'recovered']),
    );
  });
});

test('a program whose inspector listens is judged without a stack, and not paused', async () => {
  const tracePath = join(scratch(), 'spin.trace');
  const child = start('spin', { tracePath, execArgv: ['--inspect=127.0.0.1:0'] });
  const verdict = await verdictOf(child, 0);
  expect(verdict).toMatchObject(FREEZE_KINDS.spin);
  expect(verdict.message).toContain('no stack: a debugger may be attached');
  await child.end();
  expect(itemsOf((await readTrace(tracePath)).items, 'stack')).toEqual([]);
});

test('a program that is suspended and resumed is not stuck', async () => {
  const child = start('honest');
  const { watch } = child;
  await child.started;
  await until(() => watch.state === 'running');
  watch.child.kill('SIGSTOP');
  await until(() => watch.state === 'suspended');
  watch.child.kill('SIGCONT');
  const resumedAtMs = watch.heardAtMs;
  // Any verdict would have come by the time that it has been heard for three times the limit.
  await until(() => watch.heardAtMs > resumedAtMs + 2000);
  expect(watch.state).toBe('running');
  expect(child.verdicts).toEqual([]);
});

test('the last word is SIGKILL, whatever the program does', async () => {
  const child = start('spin');
  await verdictOf(child, 0);
  await child.end();
  expect(child.watch.state).toBe('ended');
  expect(child.watch.child.signalCode).toBe('SIGKILL');
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
