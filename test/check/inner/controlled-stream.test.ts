import { expect, test } from 'vitest';
import { HalfTask } from '../../../harness/check/half-task.ts';
import { ControlledStream } from '../../../harness/check/inner/controlled-stream.ts';
import { WakeQueue } from '../../../harness/check/inner/wake-queue.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { memoryPair } from '../../../src/streams/memory-pair.ts';

/** A stream above that wakes who waits once for nothing would be woken for nothing in return, and the two never come to rest. */
test('a call that waits for what has not come is put off once, and again only when it has come', () => {
  const [end, other] = memoryPair();
  const wakes = new WakeQueue();
  const stream = new ControlledStream(end, wakes, { pendingEvery: 1 });
  const reader = new HalfTask('b -> a', 'read');
  const read = (): [n: number, isWoken: boolean] => {
    reader.begin();
    const n = stream.pollRead(reader.context, new Uint8Array(10), 0, 10);
    wakes.deliver();
    return [n, reader.isWoken];
  };
  expect([read(), read(), read(), read()]).toEqual([
    [PENDING, true],
    [PENDING, false],
    [PENDING, false],
    [PENDING, false],
  ]);
  other.pollWrite(new HalfTask('b -> a', 'write').context, new Uint8Array(4), 0, 4, false);
  expect(wakes.deliver()).toBe(1);
  expect([read(), read()]).toEqual([
    [PENDING, true],
    [4, false],
  ]);
});
