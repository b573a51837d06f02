import { expect, test } from 'vitest';
import { beginsAnEvent } from '../../harness/scenario/event-line.ts';

test.each([
  'poll 2',
  'a -> b',
  'b -> a  read   room 8192: pending',
  'a -> b write offered 68, reported 69',
  'a -> b #4 pos 69',
  'a -> b is done, 68 bytes',
  'b -> a woken: its read half',
  'a -> b fault count (by 1) at b',
  'a -> b fault',
])('an event could begin with %s', (line) => {
  expect(beginsAnEvent(line)).toBe(true);
});

/** Each is close to a line that there is; as a line that must not come it would hold whatever comes. */
test.each([
  'pol 2',
  'a -> c read',
  'a -> b reads',
  'a -> b write 68',
  'a -> b was done',
  'b -> a fault cuont',
  'fault counts',
])('no event begins with %s', (line) => {
  expect(beginsAnEvent(line)).toBe(false);
});
