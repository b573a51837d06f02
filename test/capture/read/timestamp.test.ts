import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timestampReader } from '../../../harness/capture/read/timestamp.ts';
import { description, enhanced, option, section } from '../support/pcapng.ts';
import { readAll } from '../support/read.ts';
import { BIG } from '../support/words.ts';

function read(resolution: number, units: bigint, offset = 0): [number, number] {
  const into = { seconds: 0, nanoseconds: 0 };
  timestampReader(resolution, offset)(Number(units >> 32n), Number(units & 0xffff_ffffn), into);
  return [into.seconds, into.nanoseconds];
}

describe('a time is read at every resolution', () => {
  test.each([
    ['10^-0', 0, 1_700_000_000n, [1_700_000_000, 0]],
    ['10^-3', 3, 1_700_000_000_123n, [1_700_000_000, 123_000_000]],
    ['10^-6', 6, 1_700_000_000_123_456n, [1_700_000_000, 123_456_000]],
    ['10^-7', 7, 17_000_000_001_234_567n, [1_700_000_000, 123_456_700]],
    ['10^-9', 9, 1_700_000_000_123_456_789n, [1_700_000_000, 123_456_789]],
    ['10^-12', 12, 1_700_000_123_456_789_012n, [1_700_000, 123_456_789]],
    ['2^-0', 0x80, 5n, [5, 0]],
    ['2^-1', 0x81, 5n, [2, 500_000_000]],
    ['2^-20', 0x94, (7n << 20n) | 1n, [7, 953]],
    ['2^-32', 0xa0, (7n << 32n) | (1n << 31n), [7, 500_000_000]],
    ['2^-127', 0xff, 0xffff_ffff_ffff_ffffn, [0, 0]],
    ['10^-127', 127, 0xffff_ffff_ffff_ffffn, [0, 0]],
  ])('%s', (_, resolution, units, expected) => {
    expect(read(resolution, units)).toEqual(expected);
  });
});

/** Up to 2^50 seconds, which are 36 million years. */
test('at any resolution the time is that of exact arithmetic', () => {
  const resolutions = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0x80, max: 0xc0 }));
  const offsets = fc.integer({ min: -(2 ** 31), max: 2 ** 31 });
  fc.assert(
    fc.property(
      resolutions,
      fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }),
      offsets,
      (resolution, units, offset) => {
        const base = resolution < 0x80 ? 10n : 2n;
        const perSecond = base ** BigInt(resolution & 0x7f);
        const seconds = units / perSecond;
        fc.pre(seconds < 2n ** 50n);
        const nanoseconds = ((units % perSecond) * 1_000_000_000n) / perSecond;
        expect(read(resolution, units, offset)).toEqual([Number(seconds) + offset, Number(nanoseconds)]);
      },
    ),
    { numRuns: 2000 },
  );
});

test.each([
  [1_000n, 2500],
  [-1_000n & 0xffff_ffff_ffff_ffffn, 500],
])('an offset of the interface is added: %d', async (offset, seconds) => {
  const list = [option(BIG, 14, BIG.u64(offset))];
  const packet = enhanced(BIG, { units: 1_500_000_001n, bytes: Buffer.from([0x45]) });
  const { packets } = await readAll(Buffer.concat([section(BIG), description(BIG, 1, list), packet]));
  expect(packets).toMatchObject([{ seconds, nanoseconds: 1000 }]);
});
