import { expect, test } from 'vitest';
import { ChunkQueue } from '../../src/streams/chunk-queue.ts';

/** Long enough for its consumed places to be given back while it is not empty. */
const CHUNKS = 5000;

test('a queue that is never empty for long keeps its bytes in order, and its count', () => {
  const queue = new ChunkQueue();
  const slot = { bytes: new Uint8Array(0), start: 0, end: 0 };
  const taken: number[] = [];
  const pair = new Uint8Array(2);
  for (let i = 0; i < CHUNKS; i += 1) {
    queue.push(Uint8Array.of(i & 0xff, i >> 8));
    if (i % 3 === 0) continue;
    if (i % 3 === 1) queue.take(slot);
    else queue.copyInto(pair, 0, 2);
    const [low = 0, high = 0] = i % 3 === 1 ? slot.bytes : pair;
    taken.push(low | (high << 8));
  }
  expect(queue.bytes).toBe(2 * (CHUNKS - taken.length));
  while (queue.take(slot) > 0) taken.push((slot.bytes[0] ?? 0) | ((slot.bytes[1] ?? 0) << 8));
  expect(taken).toEqual(Array.from({ length: CHUNKS }, (_, i) => i));
  expect([queue.bytes, queue.take(slot), queue.copyInto(pair, 0, 2)]).toEqual([0, 0, 0]);
});
