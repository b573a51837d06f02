import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { Kind } from '../../src/trace/event-kind.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { ExitWriter } from '../../src/watch/exit-writer.ts';
import { makePulse, Pulse, WriterRole } from '../../src/watch/pulse.ts';
import type { WatchdogJob } from '../../src/watch/watchdog-job.ts';
import { itemsOf, readTrace } from './support/read-trace.ts';
import { scratch } from './support/scratch.ts';

/** A program that has recorded two writes, and whose watchdog does not start. */
function program(job: Partial<WatchdogJob> = {}) {
  const recorder = new Recorder();
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => {
    port1.close();
    port2.close();
  });
  const pulse = makePulse();
  const tracePath = join(scratch(), 'ended.trace');
  const writer = new ExitWriter({
    limitMs: 250,
    busyLimitMs: 2000,
    pulse,
    pings: port2,
    threadId: 0,
    ring: recorder.buffer,
    startedEpochMs: 0,
    about: { title: 'short' },
    tracePath,
    traceWhen: 'always',
    maxTraceBytes: null,
    report: 'none',
    reportFd: null,
    ...job,
  });
  recorder.notes.listen((note) => {
    writer.hold(note);
  });
  const connection = recorder.openConnection({ a: 'client', b: 'target' });
  for (let n = 1; n <= 2; n += 1) recorder.event(Kind.WRITE, connection, 0, n, n, n);
  recorder.closeConnection(connection, { end: 'completed' });
  return { writer, pulse, tracePath };
}

const complain = (message: string): void => {
  throw new Error(message);
};

test('a program that ends before its watchdog has begun writes its trace itself', async () => {
  const { writer, tracePath } = program();
  expect(writer.write({ reason: 'error', message: 'nobody catches this' }, complain)).toBe(true);
  const { items, events } = await readTrace(tracePath);
  expect(itemsOf(items, 'about')[0]?.about).toMatchObject({ title: 'short' });
  expect(itemsOf(items, 'connection').map(({ note }) => [note.a, note.end])).toEqual([
    ['client', undefined],
    ['client', 'completed'],
  ]);
  expect(events.map(({ n }) => n)).toEqual([1, 2]);
  expect(itemsOf(items, 'end')[0]?.note).toMatchObject({ reason: 'error', message: 'nobody catches this' });
});

test('a watchdog that begins after that finds that it is not its turn', () => {
  const { writer, pulse } = program();
  writer.write({ reason: 'exit' }, complain);
  expect(Atomics.load(pulse, Pulse.WRITER)).toBe(WriterRole.PROGRAM);
});

test('once the watchdog has begun the trace is its own', async () => {
  const { writer, pulse, tracePath } = program();
  Atomics.store(pulse, Pulse.WRITER, WriterRole.WATCHDOG);
  expect(writer.write({ reason: 'exit' }, complain)).toBe(false);
  await expect(readTrace(tracePath)).rejects.toThrow('ENOENT');
});

test('a trace that is only for what is stuck is not written', async () => {
  const { writer, tracePath } = program({ traceWhen: 'stuck' });
  expect(writer.write({ reason: 'exit' }, complain)).toBe(true);
  await expect(readTrace(tracePath)).rejects.toThrow('ENOENT');
});

test('a disk that does not take it is told', () => {
  const { writer } = program({ tracePath: '/proc/no/such.trace' });
  const told: string[] = [];
  expect(writer.write({ reason: 'exit' }, (message) => told.push(message))).toBe(true);
  expect(told).toEqual([expect.stringContaining('Cannot write the trace /proc/no/such.trace')]);
});
