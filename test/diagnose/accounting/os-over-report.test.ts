import { expect, test } from 'vitest';
import { foundIn } from '../support/found-in.ts';

const READ = { kind: 'read', offered: 8192, n: 68 } as const;
const SOCKET = { kind: 'socket', half: 'write', n: 1, offered: 0 } as const;
const CALL = { kind: 'inner-write', half: 'write', offered: 68, n: 72 } as const;
const WRITE = { kind: 'write', cap: 68, offered: 68, n: 72 } as const;
const ROUND = { kind: 'loop', pos: 72, cap: 68, repeat: 1000 } as const;

test('a system call that reports too much explains the spin, and its adapter is not the one that added', () => {
  expect(foundIn([READ, SOCKET, CALL, WRITE, ROUND])).toMatchObject([
    {
      class: 'os-over-report',
      half: 'write',
      seq: 2,
      evidence: { numbers: { offered: 68, reported: 72, more: 4, passedOn: 72 } },
      consequences: [{ class: 'over-report-spin' }],
    },
  ]);
});

test('an adapter that adds to a right count is to blame itself, and so is one over another adapter', () => {
  expect(foundIn([READ, SOCKET, { ...CALL, n: 68 }, WRITE, ROUND])[0]?.class).toBe('over-report-spin');
  expect(foundIn([READ, CALL, WRITE, ROUND])[0]?.class).toBe('over-report-spin');
});

test('an adapter that does not believe the system keeps the copy out of it, also at the next write', () => {
  const right = { ...WRITE, n: 68 };
  expect(foundIn([READ, SOCKET, CALL, right, READ, WRITE, ROUND]).map((one) => one.class)).toEqual([
    'over-report-spin',
  ]);
  expect(foundIn([READ, SOCKET, CALL, right])).toEqual([]);
});
