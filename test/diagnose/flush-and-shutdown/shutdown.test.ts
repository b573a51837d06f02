import { describe, expect, test } from 'vitest';
import { read, write, type Told } from '../accounting/support.ts';
import { all, names, PARKED, REGISTERED, shutdown, tells } from './support.ts';

/** `socket` states by their numbers. */
const [READABLE, ENDED, CLOSED, FAILED, ASKED, ANSWERED] = [2, 4, 5, 6, 7, 8];
const socket = (n: number, more: Partial<Told> = {}): Told => tells('socket', n, more);
const INNER_DONE = tells('inner-shutdown', 0);
const WAITING = [REGISTERED, shutdown('pending')];

describe('a shutdown that fails when it is asked again', () => {
  const again = (more: readonly Told[]): string[] => names([INNER_DONE, ...WAITING, ...more, shutdown('failed')]);

  test('is not idempotent, where nothing beneath it has failed', () => {
    const [finding] = all([INNER_DONE, ...WAITING, shutdown('failed')]);
    expect(finding).toMatchObject({ class: 'shutdown-not-idempotent', seq: 3, evidence: { events: [2, 3] } });
    expect(again([])).toEqual(['shutdown-not-idempotent a -> b']);
  });

  test('is not to blame where the stream beneath has failed, or its connection', () => {
    expect(again([tells('inner-shutdown', 'failed')])).toEqual([]);
    expect(again([socket(FAILED)])).toEqual([]);
    expect(again([socket(CLOSED)])).toEqual([]);
    // What reads of the same stream sees the reset, too.
    expect(again([socket(FAILED, { direction: 'b -> a', half: 'read' })])).toEqual([]);
  });

  test('is not judged where it fails at once, or nobody sees what lies beneath', () => {
    expect(names([INNER_DONE, shutdown('failed')])).toEqual([]);
    expect(names([...WAITING, shutdown('failed')])).toEqual([]);
  });
});

describe('a shutdown that begins anew', () => {
  const round = [INNER_DONE, ...WAITING];
  const LIVELOCKED = { outcome: 'livelocked' } as const;

  test('is what keeps a copy going round that moves nothing', () => {
    expect(names([...round, ...round, ...round], LIVELOCKED)).toEqual(['shutdown-not-idempotent a -> b']);
  });

  test('is one that ends after a few polls, or of which the stream beneath is not done', () => {
    expect(names([...round, ...round], LIVELOCKED)).toEqual([]);
    const waits = [tells('inner-shutdown', 'pending'), ...WAITING];
    expect(names([...waits, ...waits, ...waits], LIVELOCKED)).toEqual([]);
    expect(names([...round, ...round, ...round, shutdown(0)], LIVELOCKED)).toEqual([]);
  });
});

describe('a shutdown that waits for its peer', () => {
  const asked = [tells('socket', 11), socket(ASKED), ...WAITING];

  test('is certain where the peer was asked to close, and is likely where only the stream beneath is done', () => {
    expect(names(asked, PARKED)).toEqual(['shutdown-waits-for-peer a -> b']);
    expect(names([INNER_DONE, ...WAITING], PARKED)).toEqual(['shutdown-waits-for-peer a -> b, likely']);
  });

  test('says for how long', () => {
    const [finding] = all([socket(ASKED), REGISTERED, shutdown('pending', { tickMs: 40 })], {
      ...PARKED,
      atMs: 5040,
    });
    expect(finding?.evidence.numbers).toEqual({ waitedMs: 5000 });
  });

  test('is none where the peer has answered, or closed, or the copy is not parked', () => {
    expect(names([...asked, socket(ANSWERED)], PARKED)).toEqual([]);
    expect(names([...asked, socket(CLOSED)], PARKED)).toEqual([]);
    expect(names(asked, { outcome: 'completed' })).toEqual([]);
    expect(names(asked)).toEqual([]);
  });

  test('is none where it waits for the stream beneath, has not registered, or was woken', () => {
    expect(names([tells('inner-shutdown', 'pending'), ...WAITING], PARKED)).toEqual([]);
    const full = tells('inner-write', 'pending', { offered: 4 });
    expect(names([socket(ASKED), full, ...WAITING], PARKED)).toEqual([]);
    expect(names([INNER_DONE, shutdown('pending')], PARKED)).toEqual([]);
    expect(names([...asked, { kind: 'wake', half: 'write' }], PARKED)).toEqual([]);
  });

  test('is told as well where a limit has ended the wait, and not where the connection has failed', () => {
    expect(names([...asked, tells('blocked', 2), shutdown('failed')])).toEqual(['shutdown-waits-for-peer a -> b']);
    expect(names([...asked, shutdown('failed')])).toEqual([]);
  });
});

describe('a shutdown whose error ends both directions', () => {
  const FAILS: Partial<Parameters<typeof names>[1]> = { outcome: 'failed' };
  const down = { direction: 'b -> a' } as const;
  /** b -> a is running and idle. */
  const IDLE = read('pending', down);
  const failed = (more: readonly Told[] = [], state: Told = IDLE): string[] =>
    names([write(68, 68), state, ...more, shutdown('failed')], FAILS);
  const readable = (bytes: number): Told => ({ ...socket(READABLE, { ...down, half: 'read' }), offered: bytes });

  test('takes along what the other one could still have read', () => {
    expect(failed([readable(302)])).toEqual(['shutdown-error-kills-both a -> b']);
    expect(failed([{ kind: 'queue', ...down, half: 'read', n: 302 }])).toEqual(['shutdown-error-kills-both a -> b']);
  });

  test('takes along what the other one was writing', () => {
    const full = write(302, 'pending', down);
    const [finding] = all([write(68, 68), full, shutdown('failed')], FAILS);
    expect(finding).toMatchObject({ class: 'shutdown-error-kills-both', evidence: { numbers: { left: 302 } } });
  });

  test('is likely to take something along where the other one was woken, unless by its end or a failure', () => {
    const woken: Told = { kind: 'wake', ...down, half: 'read' };
    expect(failed([woken])).toEqual(['shutdown-error-kills-both a -> b, likely']);
    expect(failed([socket(ENDED, { ...down, half: 'read' }), woken])).toEqual([]);
    expect(failed([socket(FAILED, { ...down, half: 'read' }), woken])).toEqual([]);
    expect(failed([readable(0), woken])).toEqual([]);
  });

  test('takes nothing along where the other one has nothing, or is done, or the copy goes on', () => {
    expect(failed()).toEqual([]);
    expect(failed([readable(302)], shutdown(0, { ...down, state: 'done' }))).toEqual([]);
    expect(names([IDLE, shutdown('failed'), read(302, down), readable(302)], FAILS)).toEqual([]);
    expect(names([IDLE, readable(302), shutdown('failed')], { outcome: 'completed' })).toEqual([]);
  });
});
