import { expect, test } from 'vitest';
import { Random } from '../../harness/sim/random.ts';
import { VirtualClock } from '../../harness/sim/virtual-clock.ts';

/** What a clock calls, in order, with the time of each. */
function fired(delays: readonly number[], clock = new VirtualClock()): readonly string[] {
  const log: string[] = [];
  for (const [index, delay] of delays.entries()) clock.after(delay, () => log.push(`${index} at ${clock.nowMs()}`));
  while (clock.advance());
  return log;
}

test('timers come by their time, and those of one moment as they were set', () => {
  expect(fired([30, 10, 20, 10, 0, 10])).toEqual(['4 at 0', '1 at 10', '3 at 10', '5 at 10', '2 at 20', '0 at 30']);
});

test('with a seed those of one moment come in an order of its own, the same each time', () => {
  const seeded = (seed: number): readonly string[] => {
    const clock = new VirtualClock();
    clock.reset(new Random(seed));
    return fired([5, 5, 5, 5, 5, 1], clock);
  };
  expect(seeded(1)[0]).toBe('5 at 1');
  expect(seeded(1)).toEqual(seeded(1));
  expect(new Set([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => seeded(seed).join())).size).toBeGreaterThan(4);
});

test('a timer that was cancelled does not come, and time does not go there', () => {
  const clock = new VirtualClock();
  const cancel = clock.after(10, () => expect.unreachable());
  cancel();
  expect(clock.nextMs).toBe(Infinity);
  expect(clock.advance()).toBe(false);
  expect(clock.nowMs()).toBe(0);
});

test('a timer may set another; a thousand in any order come in order', () => {
  const clock = new VirtualClock();
  const random = new Random(3);
  const times: number[] = [];
  for (let timer = 0; timer < 1000; timer += 1) {
    clock.after(random.below(500), () => {
      times.push(clock.nowMs());
      if (timer < 100) clock.after(random.below(500), () => times.push(clock.nowMs()));
    });
  }
  while (clock.advance());
  expect(times).toHaveLength(1100);
  expect(times).toEqual(times.toSorted((x, y) => x - y));
});
