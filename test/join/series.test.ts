import { expect, test } from 'vitest';
import { Series } from '../../harness/join/series.ts';

test('of many steps all bytes are counted, and the first and the last sixteen points kept', () => {
  const series = new Series();
  for (let at = 1; at <= 1000; at += 1) series.add(2, at);
  expect({ bytes: series.bytes, steps: series.steps }).toEqual({ bytes: 2000, steps: 1000 });
  expect(series.points.map(({ atMs }) => atMs)).toEqual([
    ...Array.from({ length: 16 }, (_, index) => 1 + index),
    ...Array.from({ length: 16 }, (_, index) => 985 + index),
  ]);
  expect(series.points.at(-1)?.offset).toBe(2000);
});

test('nothing is no step', () => {
  const series = new Series();
  series.add(0, 1);
  expect({ steps: series.steps, points: series.points }).toEqual({ steps: 0, points: [] });
});
