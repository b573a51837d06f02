import { expect, test } from 'vitest';
import { StepQueue } from '../../harness/report/step-queue.ts';
import { WORDS_PER_RECORD } from '../../src/trace/ring-layout.ts';
import { records } from './support/story.ts';

/** A queue of writes that differ, of which so many have been compared. */
function queueOf(length: number, compared: number): StepQueue {
  const queue = new StepQueue();
  const { words } = records(Array.from({ length }, (_, i) => ({ kind: 'write', n: i, offered: length })));
  for (let i = 0; i < length; i += 1) queue.push(words, i * WORDS_PER_RECORD, i);
  for (let i = 0; i < compared; i += 1) queue.skip();
  return queue;
}

test.each([
  [100_000, 50_000],
  [100_000, 0],
  [40, 40],
  [3, 1],
])('of %i records, %i of them compared, it keeps what is shown and lets go of the rest', (length, compared) => {
  const queue = queueOf(length, compared);
  const shown = queue.around(3, 1);
  queue.trim(20);
  expect(queue.length).toBe(Math.min(20, length - compared));
  expect(queue.around(3, 1)).toEqual(shown);
  const { words } = records([{ kind: 'wake' }]);
  for (let more = 0; more < 100; more += 1) queue.push(words, 0, length + more);
  expect(queue.around(3, 1).before).toEqual(shown.before);
  expect(queue.length).toBe(Math.min(20, length - compared) + 100);
});
