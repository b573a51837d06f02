import { expect, test } from 'vitest';
import type { Detector } from '../../src/diagnose/detector.ts';
import { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import { Kind } from '../../src/trace/event-kind.ts';
import { records } from '../report/support/story.ts';

const WORDS = 8;

/** What a detector of writes was shown: number, count, and what the count was if it was none. */
function watching(): { readonly diagnosis: Diagnosis; readonly seen: unknown[] } {
  const seen: unknown[] = [];
  const detector: Detector = {
    classes: [],
    kinds: [Kind.WRITE],
    open: () => ({
      onEvent: ({ seq, n, strange }) => {
        seen.push([seq, n, strange?.type ?? null]);
      },
    }),
  };
  return { diagnosis: new Diagnosis({ detectors: [detector] }), seen };
}

const { words } = records([
  { kind: 'read', n: 68, offered: 2048 },
  { kind: 'write', n: { type: 'undefined', value: 'undefined' }, offered: 68, cap: 68 },
  { kind: 'write', n: { type: 'number', value: Number.NaN }, offered: { type: 'number', value: 2 ** 40 } },
  { kind: 'write', n: 5, offered: 68 },
]);
const EXPECTED = [
  [1, Number.NaN, 'undefined'],
  [3, Number.NaN, null],
  [6, 5, null],
];

/** Without the record after it a count that was no number would be a count of 0, and another finding. */
test.each([1, 2, 3, 4, 5, 6])('events are whole, though the records come %i at a time', (records) => {
  const { diagnosis, seen } = watching();
  for (let from = 0; from < words.length; from += records * WORDS)
    diagnosis.records(words.slice(from, from + records * WORDS), from / WORDS);
  diagnosis.end();
  expect(seen).toEqual(EXPECTED);
});

test('an event whose extensions never come is taken as it is, before what comes instead of them', () => {
  const { diagnosis, seen } = watching();
  diagnosis.records(words.slice(0, 2 * WORDS), 0);
  expect(seen).toEqual([]);
  diagnosis.records(words.slice(6 * WORDS), 20);
  diagnosis.end();
  expect(seen).toEqual([
    [1, 0, null],
    [20, 5, null],
  ]);
});
