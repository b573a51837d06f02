import { expect, test } from 'vitest';
import { classesIn, foundIn } from '../support/found-in.ts';

const END = { kind: 'read', offered: 8192, n: 0 } as const;
const SHUT = { kind: 'shutdown', n: 0, state: 'shutting-down', read_done: true } as const;
const DONE = { kind: 'state', n: 68, state: 'done', read_done: true } as const;

test.each(['write', 'flush', 'shutdown', 'loop'] as const)('a direction that is done makes a %s again', (kind) => {
  expect(foundIn([END, SHUT, DONE, { kind: 'poll', n: 2 }, { kind, state: 'done' }])).toMatchObject([
    { class: 'polled-after-done', direction: 'a -> b', seq: 4, evidence: { events: [2, 4] } },
  ]);
});

test('the other direction goes on, and that is what it is there for', () => {
  const other = { kind: 'read', direction: 'b -> a', offered: 8192, n: 302 } as const;
  expect(classesIn([END, SHUT, DONE, { kind: 'poll', n: 2 }, other])).toEqual([]);
});

test('where nobody tells of states, a write after the shutdown says it', () => {
  const foreign = { dialect: null } as const;
  const write = { kind: 'write', offered: 5, n: 5 } as const;
  expect(classesIn([END, { kind: 'shutdown', n: 0 }, write], foreign)).toEqual(['polled-after-done']);
  expect(classesIn([END, { kind: 'shutdown', n: 'pending' }, { kind: 'shutdown', n: 0 }], foreign)).toEqual([]);
  const twice = [END, { kind: 'shutdown', n: 0 }, { kind: 'shutdown', n: 0 }] as const;
  expect(classesIn(twice, foreign)).not.toContain('polled-after-done');
});

/** Between its close and the news of it, a socket that pushes is written to by everybody, and refuses. */
test('a stream that pushes may refuse a write after its end', () => {
  const refused = { kind: 'write', offered: 5, n: 'failed', state: 'done' } as const;
  expect(classesIn([DONE, refused], { sight: 'streams' })).toEqual([]);
  expect(classesIn([DONE, refused])).toEqual(['polled-after-done']);
});
