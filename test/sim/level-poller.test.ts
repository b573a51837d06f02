import { expect, test } from 'vitest';
import { LevelPoller, PollEvent } from '../../harness/sim/level-poller.ts';
import { VirtualClock } from '../../harness/sim/virtual-clock.ts';

/** What `poll(2)` and a level-triggered `epoll` do; the one who waits decides what to make of it. */

function waiter(): { poller: LevelPoller; clock: VirtualClock; told: string[]; wait: (interest: number) => void } {
  const clock = new VirtualClock();
  const poller = new LevelPoller(clock);
  const told: string[] = [];
  const wait = (interest: number): void => {
    poller.wait(interest, () => {
      told.push(interest === PollEvent.IN ? 'in' : 'out');
    });
  };
  return { poller, clock, told, wait };
}

test('who waits is told of what is so, in a later turn, and once', () => {
  const { poller, clock, told, wait } = waiter();
  wait(PollEvent.IN);
  wait(PollEvent.OUT);
  expect(clock.nextMs).toBe(Infinity);
  poller.raise(PollEvent.IN);
  expect(told).toEqual([]);
  clock.advance();
  expect([told, clock.nextMs]).toEqual([['in'], Infinity]);
});

test('a hang-up is told whatever was asked for, and each time again', () => {
  const { poller, clock, told, wait } = waiter();
  poller.raise(PollEvent.HUP);
  for (let round = 0; round < 3; round += 1) {
    wait(PollEvent.OUT);
    clock.advance();
  }
  expect(told).toEqual(['out', 'out', 'out']);
  expect([poller.is(PollEvent.HUP), poller.is(PollEvent.IN)]).toEqual([true, false]);
});

test('a descriptor that is closed tells nobody', () => {
  const { poller, clock, wait } = waiter();
  wait(PollEvent.IN);
  poller.raise(PollEvent.HUP);
  poller.close();
  expect(clock.nextMs).toBe(Infinity);
});
