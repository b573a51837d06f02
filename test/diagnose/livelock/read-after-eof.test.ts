import { expect, test } from 'vitest';
import { classesIn, foundIn } from '../support/found-in.ts';

const END = { kind: 'read', offered: 8192, n: 0 } as const;
const SOCKET_ENDED = { kind: 'socket', n: 4, offered: 0 } as const;

test.each([
  [0, 'which gave 0 bytes'],
  [5, 'which gave 5 bytes'],
  ['pending', 'which waits for ever'],
  ['failed', 'which failed'],
] as const)('a reader that has ended is read again: %s', (n, what) => {
  const [finding] = foundIn([SOCKET_ENDED, END, { kind: 'loop' }, { ...END, n }]);
  expect(finding).toMatchObject({ class: 'read-after-eof', seq: 3, evidence: { events: [1, 3] } });
  expect(finding?.meaning).toContain(what);
});

test('where the end itself is not in the trace, the flag says that the copy knew of it', () => {
  expect(classesIn([{ ...END, n: 'pending', read_done: true }])).toEqual(['read-after-eof']);
});

/** Who writes the record after having noted the end sets the flag in the very read that gave it. */
test('the read that gives the end is no read after it', () => {
  expect(classesIn([{ ...END, read_done: true }])).toEqual([]);
  expect(classesIn([END, { kind: 'flush', n: 0, read_done: true }, { ...END, direction: 'b -> a' }])).toEqual([]);
});
