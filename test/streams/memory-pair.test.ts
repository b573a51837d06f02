import { expect, test } from 'vitest';
import { PENDING } from '../../src/poll/pending.ts';
import { memoryPair } from '../../src/streams/memory-pair.ts';
import { End } from './support/end.ts';
import { SeededRandom } from './support/seeded-random.ts';

function open(highWaterMarkBytes: number): [End, End] {
  const random = new SeededRandom(1);
  const [a, b] = memoryPair({ highWaterMarkBytes });
  return [new End('a', a, random), new End('b', b, random)];
}

test('exactly the high-water mark fits, and each byte that is read makes room for one', () => {
  const [a, b] = open(4);
  const bytes = Buffer.from('012345');
  expect(a.stream.pollWrite(a.writing, bytes, 0, 6, true)).toBe(4);
  expect(a.stream.pollWrite(a.writing, bytes, 4, 6, true)).toBe(PENDING);
  const window = new Uint8Array(1);
  expect(b.stream.pollRead(b.reading, window, 0, 1)).toBe(1);
  expect(a.writing.wakes).toBe(1);
  expect(a.stream.pollWrite(a.writing, bytes, 4, 6, true)).toBe(1);
});

test('a given chunk is handed over itself, a borrowed one is not', () => {
  const [a, b] = open(64);
  const chunk = Buffer.from('chunk');
  a.stream.pollWrite(a.writing, chunk, 0, 5, true);
  a.stream.pollWrite(a.writing, Buffer.from('other'), 0, 5, false);
  const slot = { bytes: new Uint8Array(0), start: 0, end: 0 };
  b.stream.pollChunk?.(b.reading, slot);
  expect(slot.bytes.buffer).toBe(chunk.buffer);
  b.stream.pollChunk?.(b.reading, slot);
  expect(Buffer.from(slot.bytes).toString()).toBe('other');
});

test('a read without room is no end of the stream', () => {
  const [a, b] = open(64);
  expect(a.stream.pollShutdown(a.writing)).toBe(0);
  expect(b.stream.pollRead(b.reading, new Uint8Array(0), 0, 0)).toBe(0);
  expect(b.pollOnce()).toBe(0);
});

test('an abort drops what lies between, and names its reason at both ends', async () => {
  const [a, b] = open(64);
  const cause = new Error('Cut');
  await a.write(Buffer.from('dropped'));
  a.stream.abort(cause);
  await expect(b.read(1)).rejects.toMatchObject({ code: 'PEER_ABORTED', message: 'Peer aborted: Cut', cause });
  await expect(a.read(1)).rejects.toMatchObject({ code: 'STREAM_ABORTED', message: 'Stream aborted: Cut', cause });
});

test('an end that was read stays an end after an abort', async () => {
  const [a, b] = open(64);
  await a.shutdown();
  expect(await b.readToEnd()).toHaveLength(0);
  a.stream.abort(new Error('Cut'));
  expect(b.pollOnce()).toBe(0);
  await expect(b.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'PEER_ABORTED' });
});

test.for([0, -1, 1.5, Number.NaN, 2 ** 31])('the high-water mark %d is refused', (highWaterMarkBytes) => {
  expect(() => memoryPair({ highWaterMarkBytes })).toThrow('Wrong highWaterMarkBytes: expected an integer');
});

test('ten thousand small chunks come out in order', async () => {
  const [a, b] = open(65_536);
  const bytes = new SeededRandom(2).bytes(10_000);
  for (let at = 0; at < bytes.length; at += 1) a.stream.pollWrite(a.writing, bytes, at, at + 1, true);
  await a.shutdown();
  expect((await b.readToEnd('mixed')).equals(bytes)).toBe(true);
});
