import { expect, test } from 'vitest';
import { classesIn, foundIn, type Told } from '../support/found-in.ts';

const INNER = { kind: 'inner-read', offered: 8192, n: 68 } as const;
const LEDGER = { kind: 'ledger', n: 68 } as const;
const READ = { kind: 'read', offered: 8192, n: 68 } as const;
const END = { kind: 'read', offered: 8192, n: 0 } as const;
const GOT_68 = [INNER, LEDGER, READ] as const;

test('an end that nothing beneath has given is named, likely: an adapter may end by a length of its own', () => {
  expect(foundIn([...GOT_68, END])).toMatchObject([
    { class: 'false-eof', direction: 'a -> b', half: 'read', seq: 3, confidence: 'likely' },
  ]);
});

test.each<[string, Told]>([
  ['was Pending', { ...INNER, n: 'pending' }],
  ['had failed', { ...INNER, n: 'failed' }],
  ['had just got 5', { ...INNER, n: 5 }],
  ['10 bytes lay in the stream', { kind: 'queue', n: 10, offered: 0 }],
  ['what carries it had failed', { kind: 'socket', n: 6, offered: 0 }],
])('an end for certain none says why: the stream beneath %s', (why, beneath) => {
  const [finding] = foundIn([...GOT_68, beneath, END]);
  expect(finding).toMatchObject({ class: 'false-eof', confidence: 'certain' });
  expect(finding?.meaning).toContain(why);
});

test('an end that the stream beneath has given is one, also if the adapter says so only later', () => {
  expect(classesIn([...GOT_68, { ...INNER, n: 0 }, END])).toEqual([]);
  expect(classesIn([...GOT_68, { ...INNER, n: 0 }, { ...READ, n: 5 }, END])).toEqual([]);
});

test('an end that a socket has told of is one', () => {
  for (const n of [4, 5]) expect(classesIn([...GOT_68, { kind: 'socket', n, offered: 0 }, END])).toEqual([]);
});

/** A Close frame, a close_notify: messages of an adapter end its stream while the connection beneath goes on. */
test('an adapter whose bytes are not those beneath may end whenever it wants', () => {
  expect(classesIn([INNER, READ, END])).toEqual([]);
  expect(classesIn([INNER, READ, { ...INNER, n: 'pending' }, END])).toEqual([]);
});

test('who has shut the stream down itself may have closed it both ways', () => {
  const shutdown = { kind: 'shutdown', direction: 'b -> a', n: 0, state: 'shutting-down' } as const;
  expect(classesIn([...GOT_68, shutdown, END])).not.toContain('false-eof');
});

test('bytes that come after an end say that it was none, or that its stream has no right answer', () => {
  expect(foundIn([READ, END, { ...READ, n: 5 }])).toMatchObject([
    {
      class: 'false-eof',
      seq: 1,
      evidence: { events: [1, 2], numbers: { bytesAfter: 5 } },
      confidence: 'likely',
      readings: [{ class: 'read-after-eof' }],
      consequences: [{ class: 'read-after-eof' }],
    },
  ]);
});

/** A gap may have swallowed the end beneath, unless the stream beneath was read again after it. */
test('after a gap an end is believed until the stream beneath has been read again', () => {
  expect(classesIn([...GOT_68, { ...END, seq: 900 }])).toEqual([]);
  expect(classesIn([...GOT_68, { kind: 'queue', n: 10, offered: 0 }, { ...END, seq: 900 }])).toEqual([]);
  expect(classesIn([...GOT_68, { ...INNER, seq: 900 }, { kind: 'ledger', n: 136 }, READ, END])).toEqual(['false-eof']);
});

test('a read that has no room has nothing to say of the end', () => {
  expect(foundIn([...GOT_68, { ...END, offered: 0 }])).toMatchObject([{ class: 'zero-capacity', consequences: [] }]);
});

test('after a true end, bytes are the fault of who reads on', () => {
  expect(classesIn([...GOT_68, { ...INNER, n: 0 }, END, { ...READ, n: 5 }])).toEqual(['read-after-eof']);
});
