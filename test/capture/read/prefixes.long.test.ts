import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outcomeOf } from '../support/pipeline.ts';
import { seeds } from '../support/seeds.ts';

const SEEDS = seeds();

test.each(SEEDS)('every beginning of $name is read, or refused with a place', async ({ name, bytes }) => {
  const outcomes = new Map<string, number>();
  for (let length = 0; length < bytes.length; length += 1) {
    const outcome = await outcomeOf(bytes.subarray(0, length), Math.max(1, length));
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  console.log(`Of ${bytes.length} beginnings of ${name}: ${JSON.stringify(Object.fromEntries(outcomes))}`);
  outcomes.delete('read');
  expect([...outcomes.keys()]).toEqual(['CAPTURE_MALFORMED']);
});

/** What no format begins with is refused; what begins like one has anything behind it. */
test('anything behind a beginning is read, or refused with a place', async () => {
  const head = fc
    .constantFrom(...SEEDS)
    .chain(({ bytes }) => fc.integer({ min: 0, max: bytes.length }).map((length) => bytes.subarray(0, length)));
  const run = async (beginning: Uint8Array, rest: Uint8Array, chunkBytes: number): Promise<void> => {
    const outcome = await outcomeOf(Buffer.concat([beginning, rest]), chunkBytes);
    expect(['read', 'CAPTURE_MALFORMED']).toContain(outcome);
  };
  const property = fc.asyncProperty(head, fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 5000 }), run);
  await fc.assert(property, { numRuns: 50_000 });
});

test('text of any characters is read, or refused with a place', async () => {
  const unit = fc.constantFrom(
    ...' \t\n\r>0123456789abcdefx:.-IP'.split(''),
    '0x0000:',
    '4500 ',
    '12:34:56.7 IP ',
    '{',
    'é',
  );
  const property = fc.asyncProperty(
    fc.string({ unit, maxLength: 400 }),
    fc.integer({ min: 1, max: 500 }),
    async (text, chunkBytes) => {
      expect(['read', 'CAPTURE_MALFORMED']).toContain(await outcomeOf(Buffer.from(text), chunkBytes));
    },
  );
  await fc.assert(property, { numRuns: 50_000 });
});
