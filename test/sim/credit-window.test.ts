import { expect, test } from 'vitest';
import { InvariantError } from '../../src/errors.ts';
import { CreditWindow } from '../../harness/sim/credit-window.ts';

test('what is given back may come again, and what is forgotten never', () => {
  const window = new CreditWindow(100);
  window.arrive(60);
  window.giveBack(40);
  window.forget(20);
  expect([window.left, window.owed]).toEqual([80, 20]);
  window.arrive(80);
  window.giveBack(80);
  expect(window.left).toBe(80);
});

test('a peer that sends more than it may, and credit for what has not come, are mistakes of the lab', () => {
  expect(() => {
    new CreditWindow(100).arrive(101);
  }).toThrow(InvariantError);
  expect(() => {
    new CreditWindow(100).forget(1);
  }).toThrow(InvariantError);
});
