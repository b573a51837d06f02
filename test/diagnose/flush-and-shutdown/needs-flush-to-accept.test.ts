import { expect, test } from 'vitest';
import { handsOn, write } from '../accounting/support.ts';
import { all, flush, names, PARKED, REGISTERED, SEEN_BENEATH } from './support.ts';

/** A write that was taken, and has gone on. */
const TAKEN = [...handsOn(68, 68, 68), write(68, 68)];
const REFUSED = [REGISTERED, write(20, 'pending')];

test('a writer that is not flushed, and takes no more without asking beneath, waits for a flush', () => {
  const [finding] = all([...TAKEN, ...REFUSED], PARKED);
  expect(finding).toMatchObject({
    class: 'needs-flush-to-accept',
    direction: 'a -> b',
    half: 'write',
    seq: 4,
    confidence: 'likely',
    evidence: { numbers: { offered: 20, reported: 68 } },
  });
});

test('the stream beneath is seen by what is read of it, too', () => {
  expect(names([write(68, 68), SEEN_BENEATH, ...REFUSED], PARKED)).toEqual(['needs-flush-to-accept a -> b, likely']);
  expect(names([write(68, 68), ...REFUSED], PARKED)).toEqual([]);
});

test('a writer that has asked beneath waits for that', () => {
  expect(names([...TAKEN, ...handsOn(20, 'pending'), ...REFUSED], PARKED)).toEqual([]);
});

test('one that was flushed, or has taken nothing yet, has nothing to flush', () => {
  expect(names([...TAKEN, flush(0), ...REFUSED], PARKED)).toEqual([]);
  expect(names([SEEN_BENEATH, ...REFUSED], PARKED)).toEqual([]);
});

test('one that has not registered has lost its wake, which is another thing', () => {
  expect(names([...TAKEN, write(20, 'pending')], PARKED)).toEqual([]);
});

test('one that was woken, or has taken it at last, or may still be, is not to blame', () => {
  expect(names([...TAKEN, ...REFUSED, { kind: 'wake', half: 'write' }], PARKED)).toEqual([]);
  expect(names([...TAKEN, ...REFUSED, write(20, 20)], PARKED)).toEqual([]);
  expect(names([...TAKEN, ...REFUSED])).toEqual([]);
  expect(names([...TAKEN, ...REFUSED], { outcome: 'completed' })).toEqual([]);
});
