import { expect, test } from 'vitest';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import type { VerdictOutcome } from '../../src/trace/trace-note.ts';
import { LazySink } from '../../src/watch/lazy-sink.ts';

/** A lazy sink, and what reaches the one that it opens. */
function lazy() {
  const calls: string[] = [];
  const sink = new LazySink(() => {
    calls.push('open');
    return {
      flush: () => calls.push('flush'),
      settle: () => calls.push('settle'),
      append: (item) => calls.push(item.kind === 'connection' ? `connection ${item.note.connection}` : item.kind),
      end: ({ reason }) => calls.push(`end ${reason}`),
    };
  });
  return { sink, calls };
}

const verdict = (outcome: VerdictOutcome): TraceItem => ({
  kind: 'verdict',
  verdict: { outcome, message: '', atMs: 0 },
});
const connection = (number: number): TraceItem => ({ kind: 'connection', note: { connection: number } });
const closed = (number: number): TraceItem => ({ kind: 'connection', note: { connection: number, closedMs: 1 } });

test('nothing is opened as long as nothing is stuck', () => {
  const { sink, calls } = lazy();
  sink.append(connection(1));
  sink.flush();
  sink.append(verdict('busy'));
  sink.append(verdict('recovered'));
  sink.end({ reason: 'exit', atMs: 0 });
  expect(calls).toEqual([]);
});

test.each(['spinning', 'livelocked', 'parked', 'starved', 'blocked'] as const)(
  '%s opens it, and what led to it comes first',
  (outcome) => {
    const { sink, calls } = lazy();
    sink.append(connection(1));
    sink.append({ kind: 'stack', note: { thread: 'main', atMs: 0, frames: [] } });
    sink.append(verdict(outcome));
    sink.append(connection(2));
    sink.flush();
    sink.end({ reason: 'exit', atMs: 0 });
    expect(calls).toEqual(['open', 'connection 1', 'stack', 'flush', 'verdict', 'connection 2', 'flush', 'end exit']);
  },
);

test('what is held is bounded, in items and in bytes of payload', () => {
  const { sink, calls } = lazy();
  for (let i = 1; i <= 5000; i += 1) sink.append(connection(i));
  for (let i = 5001; i <= 10_000; i += 1) sink.append(closed(i));
  sink.append(verdict('spinning'));
  expect(calls.slice(0, 2)).toEqual(['open', 'connection 905']);
  expect(calls.slice(4096, 4098)).toEqual(['connection 5000', 'connection 5905']);
  expect(calls.slice(-3)).toEqual(['connection 10000', 'flush', 'verdict']);
  const other = lazy();
  for (let i = 0; i < 40; i += 1) {
    const bytes = new Uint8Array(1024 * 1024);
    other.sink.append({
      kind: 'payload',
      payload: { connection: 1, direction: 'a -> b', offset: 0, bytes, redacted: false },
    });
  }
  other.sink.append(verdict('spinning'));
  expect(other.calls.filter((call) => call === 'payload').length).toBe(16);
});

test('a connection that is open, and the texts, are kept however many others come and go', () => {
  const { sink, calls } = lazy();
  sink.append({ kind: 'string', id: 1, text: 'NaN' });
  sink.append(connection(1));
  for (let i = 2; i <= 20_000; i += 1) {
    sink.append(connection(i));
    sink.append(closed(i));
  }
  sink.append(verdict('parked'));
  expect(calls.slice(0, 4)).toEqual(['open', 'string', 'connection 1', 'connection 15905']);
});

test('a trace that cannot be opened is asked for once', () => {
  let opened = 0;
  const sink = new LazySink(() => {
    opened += 1;
    return null;
  });
  for (let i = 0; i < 3; i += 1) sink.append(verdict('spinning'));
  sink.flush();
  expect(opened).toBe(1);
});
