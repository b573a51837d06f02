import { expect, test } from 'vitest';
import { SocketState } from '../../../src/trace/event-kind.ts';
import { classesIn, foundIn, type Told } from '../support/found-in.ts';

const PARKED = { ending: { outcome: 'parked' } } as const;
const WAITING: readonly Told[] = [
  { kind: 'poll' },
  { kind: 'register', half: 'read' },
  { kind: 'read', n: 'pending', offered: 8192 },
];
const told = (n: number): Told => ({ kind: 'socket', half: 'read', n, offered: 0 });

test.each([
  [SocketState.CLOSED, 'was closed'],
  [SocketState.FAILED, 'has failed'],
  [SocketState.ENDED, 'was ended by its peer'],
])('a half that waits on and was not woken: state %i', (state, how) => {
  const [finding] = foundIn([...WAITING, told(state)], PARKED);
  expect(finding).toMatchObject({ class: 'close-does-not-wake', direction: 'a -> b', half: 'read', seq: 3 });
  expect(finding?.meaning).toContain(how);
});

test('a close that the writer of the same stream has told of ends its reader, too; the end of what is read does not', () => {
  const byWriter = (n: number): Told => ({ ...told(n), direction: 'b -> a', half: 'write' });
  expect(classesIn([...WAITING, byWriter(SocketState.CLOSED)], PARKED)).toEqual(['close-does-not-wake']);
  expect(classesIn([...WAITING, byWriter(SocketState.ENDED)], PARKED)).toEqual([]);
});

test('the other stream goes on', () => {
  expect(classesIn([...WAITING, { ...told(SocketState.CLOSED), half: 'write' }], PARKED)).toEqual([]);
});

test('a half that was woken knows, and so does one that was asked since', () => {
  const closed = told(SocketState.CLOSED);
  expect(classesIn([...WAITING, closed, { kind: 'wake', half: 'read' }], PARKED)).toEqual([]);
  expect(classesIn([...WAITING, closed, ...WAITING], PARKED)).toEqual([]);
});

test('a trace that just stops may stop before the wake', () => {
  expect(classesIn([...WAITING, told(SocketState.CLOSED)])).toEqual([]);
});
