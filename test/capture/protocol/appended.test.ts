import fc from 'fast-check';
import { expect, test } from 'vitest';
import { appended } from '../../../harness/capture/protocol/appended.ts';

test('what is appended stands behind what was kept, whatever was dropped in front', () => {
  const step = fc.record({ bytes: fc.uint8Array({ maxLength: 600 }), dropped: fc.nat({ max: 700 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      let kept: Buffer = Buffer.alloc(0);
      let expected: Buffer = Buffer.alloc(0);
      for (const { bytes, dropped } of steps) {
        const source = Buffer.concat([Buffer.from([1]), bytes, Buffer.from([2])]);
        kept = appended(kept, source, 1, 1 + bytes.length).subarray(dropped);
        // Borrowed memory is used again.
        source.fill(0xee);
        expected = Buffer.concat([expected, bytes]).subarray(dropped);
        expect(kept).toEqual(expected);
      }
    }),
  );
});

test('a byte behind others is not a copy of all', () => {
  const first = appended(Buffer.alloc(0), Buffer.alloc(300), 0, 300);
  const second = appended(first, Buffer.from([7]), 0, 1);
  expect(second).toHaveLength(301);
  expect(second.buffer).toBe(first.buffer);
});
