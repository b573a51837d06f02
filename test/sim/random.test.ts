import { expect, test } from 'vitest';
import { payloadByte, Payload } from '../../harness/sim/payload.ts';
import { Random } from '../../harness/sim/random.ts';

test('a seed gives the same numbers each time, and another seed others', () => {
  const random = new Random(1);
  const first = [random.next(), random.next(), random.next()];
  expect(first).toEqual([1679917985, 591260414, 2133939264]);
  random.reset(1);
  expect([random.next(), random.next(), random.next()]).toEqual(first);
  random.reset(2);
  expect(random.next()).not.toBe(first[0]);
});

test('draws below a limit reach all of it evenly', () => {
  const random = new Random(7);
  const counts = [0, 0, 0, 0, 0];
  for (let draw = 0; draw < 10_000; draw += 1) {
    const number = random.below(5);
    counts[number] = (counts[number] ?? 0) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(1900);
  expect(Math.max(...counts)).toBeLessThan(2100);
});

test('a payload differs by seed, direction and position, and is the same however it is asked for', () => {
  const bytes = (seed: number, direction: 'a -> b' | 'b -> a'): number[] =>
    Array.from({ length: 6 }, (_, position) => payloadByte(seed, direction, position));
  expect(bytes(1, 'a -> b')).toEqual([96, 210, 108, 96, 157, 156]);
  expect(bytes(1, 'b -> a')).toEqual([138, 38, 176, 244, 178, 248]);
  expect(bytes(2, 'a -> b')).toEqual([233, 33, 200, 99, 122, 198]);
  const payload = new Payload('a -> b');
  payload.reset(1);
  const few = payload.upTo(3).slice(0, 600);
  expect([...payload.upTo(5000).subarray(0, 512)]).toEqual([...few.subarray(0, 512)]);
  expect(payload.upTo(5000)[4321]).toBe(payloadByte(1, 'a -> b', 4321));
});
