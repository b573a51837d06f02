import { expect, test } from 'vitest';
import { runCopy } from '../../harness/sim/run-copy.ts';
import { ScriptedStream, type Call } from '../../harness/sim/scripted-stream.ts';
import { BidirectionalCopy } from '../../src/copy/bidirectional-copy.ts';
import { resolveDialect } from '../../src/copy/dialect.ts';
import { plainStream, waiting } from './plain-stream.ts';

const checked = resolveDialect('checked');

test('the error names direction, offered and reported, and says that nothing was lost before it', () => {
  const calls: Call[] = [];
  const a = new ScriptedStream('a', { read: [100, 68, 'x'] }, calls);
  const b = new ScriptedStream('b', { read: ['x'], write: [100, { d: 1 }] }, calls);
  const run = runCopy(a, b, { dialect: checked });
  expect(run.counts).toEqual({ aToB: 100, bToA: 0 });
  expect(run.outcome).toMatchObject({
    kind: 'failed',
    error: {
      code: 'WRITE_COUNT_INVALID',
      message:
        'Wrong count from the writer in a -> b: expected an integer in 1..68, got 69; nothing was lost before it, by the counts: 100 bytes reported as written',
      details: { direction: 'a -> b', operation: 'write', offered: 68, reported: 69 },
      counts: { aToB: 100, bToA: 0 },
    },
  });
});

test('a reader that claims more than there was room for is refused', () => {
  const a = plainStream({ pollRead: (_cx, _bytes, start, end) => end - start + 1 });
  const run = runCopy(a, plainStream(), { dialect: checked, bufferBytes: 16 });
  expect(run.outcome).toMatchObject({ error: { code: 'READ_COUNT_INVALID', details: { offered: 16, reported: 17 } } });
});

test('what was written is flushed when the reader idles, once', () => {
  const calls: Call[] = [];
  const a = new ScriptedStream('a', { read: [68, 'p', 'p', 'x'] }, calls);
  runCopy(a, new ScriptedStream('b', { read: ['x', 'x', 'x', 'x'] }, calls), { dialect: checked });
  expect(calls.filter((call) => call[1] === 'flush')).toEqual([['b', 'flush', 'ok']]);
});

test('after Pending the same bytes are offered again, though more could be read', () => {
  const calls: Call[] = [];
  const a = new ScriptedStream('a', { read: [68, 5, 0] }, calls);
  runCopy(a, new ScriptedStream('b', { read: [0], write: ['p', 'p', 10] }, calls), { dialect: checked });
  const writes = calls.filter((call) => call[1] === 'write').map((call) => call[2]);
  expect(writes).toEqual([68, 68, 68, 58, 5]);
});

test('a writer that takes more only after a flush is flushed', () => {
  let dirty = 0;
  const b = plainStream({
    pollRead: () => 0,
    pollWrite: (cx, _bytes, start, end) => {
      if (dirty >= 20) return waiting(cx);
      dirty += Math.min(20, end - start);
      return Math.min(20, end - start);
    },
    pollFlush: () => {
      dirty = 0;
      return 0;
    },
  });
  const run = runCopy(new ScriptedStream('a', { read: [68, 0] }, []), b, { dialect: checked });
  expect(run).toMatchObject({ outcome: { kind: 'completed' }, counts: { aToB: 68 } });
});

test('the directions take turns in going first', () => {
  const calls: Call[] = [];
  const a = new ScriptedStream('a', { read: ['p', 'p', 'p', 'x'] }, calls);
  const b = new ScriptedStream('b', { read: ['x', 'x', 'x', 'x'] }, calls);
  runCopy(a, b, { dialect: checked });
  expect(calls.map(([side]) => side)).toEqual(['a', 'b', 'b', 'a', 'a', 'b', 'b', 'a']);
});

test('a chunk is handed on as it came, and given away', () => {
  const chunk = new Uint8Array(100);
  const given: unknown[] = [];
  const chunks = [chunk];
  const a = plainStream({
    pollChunk(cx, slot) {
      slot.bytes = chunks.pop() ?? chunk;
      slot.start = 10;
      slot.end = given.length === 0 ? 78 : 10;
      return given.length === 0 ? 68 : waiting(cx);
    },
  });
  const b = plainStream({
    pollWrite(_cx, bytes, start, end, mine) {
      given.push([bytes === chunk, start, end, mine]);
      return Math.min(40, end - start);
    },
  });
  expect(runCopy(a, b, { dialect: checked }).counts.aToB).toBe(68);
  expect(given).toEqual([
    [true, 10, 78, true],
    [true, 50, 78, true],
  ]);
});

test('a chunk whose length is not what was said is refused', () => {
  const a = plainStream({
    pollChunk(_cx, slot) {
      slot.bytes = new Uint8Array(100);
      slot.start = 10;
      slot.end = 78;
      return 69;
    },
  });
  const run = runCopy(a, plainStream(), { dialect: checked });
  expect(run.outcome).toMatchObject({ error: { code: 'READ_COUNT_INVALID', details: { offered: 68, reported: 69 } } });
});

/** A stream that emits its event before its call returns, and an owner that polls there and then. */
test('a poll from within a poll is put off until that one is over', () => {
  const written: string[] = [];
  let given = 0;
  let wakes = 0;
  let nested: boolean | null = null;
  const a = plainStream({
    pollRead: (_cx, bytes, start) => {
      given += 1;
      if (given > 1) return 0;
      bytes.set(Buffer.from('once'), start);
      nested = copy.poll();
      return 4;
    },
  });
  const b = plainStream({
    pollRead: waiting,
    pollWrite: (_cx, bytes, start, end) => {
      written.push(Buffer.from(bytes.subarray(start, end)).toString());
      return end - start;
    },
  });
  const copy: BidirectionalCopy = new BidirectionalCopy(a, b, () => (wakes += 1), { dialect: checked });
  expect(copy.poll()).toBe(false);
  expect(nested).toBe(false);
  expect(written).toEqual(['once']);
  expect(copy.counts).toEqual({ aToB: 4, bToA: 0 });
  expect(wakes).toBe(1);
});
