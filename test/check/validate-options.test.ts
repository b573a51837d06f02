import { expect, test } from 'vitest';
import { checkStream } from '../../harness/check/check-stream.ts';
import type { CheckOptions } from '../../harness/check/check-options.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';

const wrong: [options: object, says: string][] = [
  [{ seed: 0.5 }, 'Wrong seed: expected a whole number from 0 to 2147483647, got 0.5'],
  [{ runs: -1 }, 'Wrong runs: expected a whole number from 0 to 10000000, got -1'],
  [{ runs: '5' }, "Wrong runs: expected a whole number from 0 to 10000000, got '5'"],
  [{ maxBufferedBytes: Infinity }, 'Wrong maxBufferedBytes: expected a whole number from 1 to 67108864, got Infinity'],
  [{ timeoutMs: 0 }, 'Wrong timeoutMs: expected a whole number from 1 to 2147483647, got 0'],
  [{ carriesHalfClose: 'no' }, "Wrong carriesHalfClose: expected a boolean, got 'no'"],
  [{ peer: {} }, 'Wrong peer: expected a function, got {}'],
  [{ laws: 'counts' }, 'Wrong laws: expected a list of laws (counts, wakers, '],
  [{ laws: [] }, 'Wrong laws: expected a list of laws (counts, wakers, '],
  [{ laws: ['count'] }, "conservation), got 'count'"],
  [{ inner: 'pipe' }, "Wrong inner: expected poll, duplex or websocket, got 'pipe'"],
  [{ case: [] }, 'Wrong case: expected an object with inner, steps, endsFirst, got []'],
  [
    { case: { inner: {}, steps: [{ kind: 'turn' }, { kind: 'read', bytes: -1 }] } },
    'Wrong case: steps[1].bytes: expected a whole number from 1 to 134217728, got -1',
  ],
];

test.for(wrong)('%j', async ([options, says]) => {
  let made = 0;
  const factory = (inner: PollStream): PollStream => {
    made += 1;
    return inner;
  };
  const check = checkStream(factory, options as CheckOptions<'poll'>);
  await expect(check).rejects.toMatchObject({
    code: 'CHECK_OPTION_INVALID',
    message: expect.stringContaining(says) as string,
  });
  expect(made).toBe(0);
});

test('none but the fixed cases is a number of cases, too', async () => {
  const { runs, passed } = await checkStream((inner) => inner, { runs: 0, laws: ['counts'] });
  expect(runs).toBeGreaterThan(20);
  expect(passed).toEqual(['counts']);
});
