import { expect, test } from 'vitest';
import { SeededChance } from '../../harness/faults/seeded-chance.ts';

test('the greatest that can be drawn is less than 1', () => {
  // Of this seed the first 32 bits drawn are all ones.
  expect(new SeededChance(2638881690).next()).toBe(0xffffffff / 0x100000000);
  expect(new SeededChance(2638881690).below(1000)).toBe(999);
});
