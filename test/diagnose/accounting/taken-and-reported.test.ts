import { describe, expect, test } from 'vitest';
import { takenAndReported } from '../../../src/diagnose/accounting/taken-and-reported.ts';
import type { Finding } from '../../../src/diagnose/finding.ts';
import { found, handsOn, loop, read, write, type Diagnosed, type Told } from './support.ts';

function findings(events: readonly Told[], how: Omit<Diagnosed, 'detector'> = {}): Finding[] {
  return found(events, { detector: takenAndReported, ...how });
}

function brief(events: readonly Told[], how: Omit<Diagnosed, 'detector'> = {}): string[] {
  return findings(events, how).map(({ class: name, direction, seq }) => `${name} ${direction} at ${seq}`);
}

const FLUSHED: Told = { kind: 'flush', n: 0 };
const SHUT_DOWN: Told = { kind: 'shutdown', n: 0 };

/** Writes of an adapter that hands on what it is offered. */
function healthy(sizes: readonly number[], from = 0): Told[] {
  let taken = from;
  return sizes.flatMap((size) => {
    taken += size;
    return [...handsOn(size, size, taken), write(size, size)];
  });
}

const SIX = [100, 200, 300, 400, 500, 600];
const SIX_BYTES = 2100;

describe('a write that takes less than it reports', () => {
  const short = [...handsOn(67, 67, 67), write(68, 68)];

  test('is found when the end is sent', () => {
    const [finding] = findings([...short, FLUSHED, SHUT_DOWN]);
    expect(finding).toMatchObject({
      class: 'partial-over-report',
      direction: 'a -> b',
      half: 'write',
      seq: 2,
      evidence: { numbers: { offered: 68, reported: 68, taken: 67, missing: 1 } },
      confidence: 'certain',
    });
    expect(finding?.meaning).toBe(
      'A write was offered 68 bytes, took 67 and reported 68: 1 byte is missing at the peer, and every count looks right',
    );
  });

  /** A connection that stays open for days sends no end. */
  test('is found when later bytes have gone past what is missing', () => {
    const events = [...healthy(SIX), ...handsOn(67, 67, SIX_BYTES + 67), write(68, 68)];
    expect(brief(events)).toEqual([]);
    expect(brief([...events, ...healthy([10, 20, 30], SIX_BYTES + 67), read(1)])).toHaveLength(1);
    expect(brief([...events, ...healthy([10, 20, 30, 40], SIX_BYTES + 67)])).toEqual([
      'partial-over-report a -> b at 20',
    ]);
  });

  test('is found once, whatever tells of it', () => {
    const events = [...healthy(SIX), ...handsOn(67, 67, SIX_BYTES + 67), write(68, 68)];
    const [finding] = findings([...events, ...healthy([10, 20, 30, 40, 50], SIX_BYTES + 67), SHUT_DOWN]);
    expect(finding?.more).toBe(0);
  });

  /** Then it is the end of the stream that drops them. */
  test('is not overtaken by writes that take nothing', () => {
    const events = [...healthy(SIX), ...handsOn(67, 67, SIX_BYTES + 67), write(68, 68)];
    expect(brief([...events, ...[1, 2, 3, 4].map((size) => write(size, 0))])).toEqual([]);
  });

  /** 4 of a header: in a message that is not all taken they are no more than was offered. */
  test('is none of its own where the same number was counted too much before', () => {
    const header = [...healthy([20]), ...handsOn(68, 68, 88), write(68, 72)];
    expect(brief([...header, ...handsOn(50, 30, 118), write(50, 34), SHUT_DOWN])).toEqual([]);
    expect(brief([...header, ...handsOn(50, 30, 118), write(50, 35), SHUT_DOWN])).toEqual([
      'partial-over-report a -> b at 8',
    ]);
  });

  test('is none in a stream that has kept bytes back before', () => {
    expect(brief([write(68, 68), ...handsOn(68, 68, 68), FLUSHED, write(20, 20), SHUT_DOWN])).toEqual([]);
    expect(brief([write(68, 68), ...handsOn(88, 88, 88), write(20, 20), write(5, 5), SHUT_DOWN])).toEqual([]);
  });

  test('is none where it comes after some that have gone past it', () => {
    const events = [...healthy(SIX), ...handsOn(67, 67, SIX_BYTES + 67), write(68, 68)];
    const later = [...healthy([10, 20, 30], SIX_BYTES + 67), ...handsOn(41, 41, SIX_BYTES + 67 + 101), write(40, 40)];
    expect(brief([...events, ...later, SHUT_DOWN])).toEqual([]);
  });

  test.each<[string, Told[]]>([
    ['it comes with the next write', [...handsOn(69, 69, 136), write(68, 68)]],
    ['it comes with a flush', [...handsOn(1, 1, 68), FLUSHED]],
    ['it comes with the end', handsOn(1, 1, 68)],
    ['it comes between calls', [...handsOn(1, 1, 68), loop(0, 0), ...handsOn(9, 9, 77), write(9, 9)]],
    ['the stream says that it lies in it', [write(1, 'pending'), { kind: 'queue', half: 'write', n: 1, offered: 0 }]],
  ])('is none where %s', (_what, then) => {
    expect(brief([...short, ...then, SHUT_DOWN])).toEqual([]);
  });

  test('is none where the end is not sent yet, or could not be', () => {
    expect(brief([...short, FLUSHED], { ending: { outcome: 'parked' } })).toEqual([]);
    expect(brief([...short, { kind: 'shutdown', n: 'pending' }, { kind: 'shutdown', n: 'failed' }])).toEqual([]);
  });

  test('may have dropped at its end what it had kept, if it handed on nothing', () => {
    const inner: Told[] = [{ kind: 'inner-shutdown', half: 'write', n: 0 }];
    const [finding] = findings([write(68, 68), FLUSHED, ...inner, SHUT_DOWN]);
    expect(finding).toMatchObject({ class: 'partial-over-report', seq: 0, confidence: 'likely' });
    expect(finding?.evidence.numbers).toEqual({ offered: 68, reported: 68, taken: 0, missing: 68 });
    expect(finding?.readings.map(({ class: name }) => name)).toEqual(['shutdown-drops-tail']);
  });

  test('is told of no stream whose bytes are not counted', () => {
    const inner: Told[] = [{ kind: 'inner-shutdown', half: 'write', n: 0 }];
    // It makes messages: what it hands on is not what it was offered.
    expect(brief([...handsOn(60, 60), write(68, 68), ...inner, SHUT_DOWN])).toEqual([]);
    expect(brief([write(68, 68), SHUT_DOWN])).toEqual([]);
    // Told at the end alone, by a socket under an adapter that packs its bytes.
    expect(brief([write(68, 68), { kind: 'ledger', half: 'write', n: 20, offered: 0 }, SHUT_DOWN])).toEqual([]);
  });

  /** One message behind, always: each call hands on what the one before was offered, which is as long. */
  test('is none in a stream that sends each message with the next', () => {
    const events = [write(68, 68), ...healthy([68, 68, 68, 68, 68, 68, 68])];
    expect(brief(events, { ending: { outcome: 'parked' } })).toEqual([]);
  });
});

describe('a retry', () => {
  const pending = [write(68, 'pending'), read(5, { pos: 0, cap: 68 })];

  test('that sends what it was offered before, and reports what it is offered now', () => {
    const [finding] = findings([...pending, ...handsOn(68, 68, 68), write(73, 73), SHUT_DOWN]);
    expect(finding).toMatchObject({ class: 'retry-grown', seq: 4, confidence: 'certain' });
    expect(finding?.evidence.numbers).toEqual({ offered: 73, reported: 73, taken: 68, missing: 5, pending: 68 });
  });

  test('that began to send while it was Pending, and reports what it is offered now', () => {
    const begun = [...handsOn(68, 30, 30), ...pending];
    const events = [...begun, ...handsOn(38, 38, 68), write(73, 73), SHUT_DOWN];
    expect(findings(events)[0]).toMatchObject({ class: 'retry-grown', evidence: { numbers: { missing: 5 } } });
  });

  test('that has grown more than once', () => {
    const again = [write(73, 'pending'), read(7, { pos: 0, cap: 73 })];
    const [finding] = findings([...pending, ...again, ...handsOn(68, 68, 68), write(80, 80), SHUT_DOWN]);
    expect(finding).toMatchObject({ class: 'retry-grown', evidence: { numbers: { missing: 12, pending: 68 } } });
  });

  test('that loses more than it has grown by is another defect', () => {
    const events = [...pending, ...handsOn(60, 60, 60), write(73, 73), SHUT_DOWN];
    expect(brief(events)).toEqual(['partial-over-report a -> b at 4']);
  });

  test.each<[string, Told[]]>([
    ['reports what it has kept', [...handsOn(68, 68, 68), write(73, 68), ...handsOn(5, 5, 73), write(5, 5)]],
    ['sends the slice of now', [...handsOn(73, 73, 73), write(73, 73)]],
    [
      'began to send while it was Pending',
      [...handsOn(68, 30, 30), write(68, 'pending'), ...handsOn(38, 38, 68), write(68, 68)],
    ],
  ])('that %s is right', (_what, events) => {
    expect(brief([...pending, ...events, SHUT_DOWN])).toEqual([]);
  });
});

describe('a write that takes more than it reports', () => {
  test('is found at once', () => {
    const [finding] = findings([...handsOn(68, 68, 68), write(68, 67)]);
    expect(finding).toMatchObject({ class: 'under-report', seq: 2, confidence: 'certain' });
    expect(finding?.evidence.numbers).toEqual({ offered: 68, taken: 68, reported: 67, twice: 1 });
    expect(finding?.meaning).toBe(
      'A write was offered 68 bytes, took 68 and reported 67: the copy offers the rest again, and the peer gets 1 byte twice',
    );
  });

  test('may have handed them on in pieces', () => {
    expect(brief([...handsOn(34, 34, 34), ...handsOn(34, 34, 68), write(68, 67)])).toHaveLength(1);
  });

  test('is counted each time', () => {
    const events = [
      ...handsOn(68, 68, 68),
      write(68, 67),
      ...handsOn(1, 1, 69),
      write(1, 1),
      ...handsOn(9, 9, 78),
      write(9, 8),
    ];
    expect(findings(events)).toMatchObject([{ seq: 2, more: 1 }]);
  });

  test('takes its bytes twice where it reports all of them', () => {
    const [finding] = findings([...handsOn(68, 68), ...handsOn(68, 68, 136), write(68, 68)]);
    expect(finding?.evidence.numbers).toEqual({ offered: 68, taken: 136, reported: 68, twice: 68 });
    expect(finding?.meaning).toMatch(/: the peer gets 68 bytes twice$/);
  });

  test('may have taken them while it was Pending', () => {
    const events = [...handsOn(68, 68, 68), write(68, 'pending'), ...handsOn(68, 68, 136), write(68, 68)];
    expect(brief(events)).toEqual(['under-report a -> b at 5']);
  });

  test('is none where what it kept back goes out with it', () => {
    expect(brief([write(68, 68), ...handsOn(78, 78, 78), write(10, 10)])).toEqual([]);
  });

  test('is none where the stream tells at times what went out, headers and all', () => {
    const told: Told = { kind: 'ledger', half: 'write', n: 80, offered: 0 };
    expect(brief([write(68, 68), told, FLUSHED, write(1, 1)])).toEqual([]);
  });

  test('is none of what a wrong count makes of it', () => {
    expect(brief([...handsOn(68, 68, 68), write(68, 69), ...healthy([20], 68), FLUSHED, SHUT_DOWN])).toEqual([]);
  });

  test('of the other direction is of the other direction', () => {
    const down = { direction: 'b -> a' } as const;
    const events = [...handsOn(302, 302, 302), write(302, 300)].map((event): Told => ({ ...event, ...down }));
    expect(brief([...healthy(SIX), ...events])).toEqual(['under-report b -> a at 20']);
  });
});

describe('where records are missing', () => {
  /** Bytes that it had kept back come later, and would look as if they had been taken twice. */
  test('nothing is held against a stream that may keep bytes back', () => {
    const before = [write(500, 500), ...handsOn(400, 400, 400), FLUSHED];
    const after = [...handsOn(68, 68, 5068), write(68, 68), ...handsOn(68, 168, 5236), write(68, 68), SHUT_DOWN];
    expect(brief([...before, ...after], { gaps: [before.length] })).toEqual([]);
  });

  test('nor where what it had kept back was as long as what comes now', () => {
    const before = [...healthy(SIX), write(20, 20), ...handsOn(20, 20, SIX_BYTES + 20), FLUSHED];
    const after = [write(68, 68), ...handsOn(68, 68, 5068), ...handsOn(68, 68, 5136), write(68, 68)];
    expect(brief([...before, ...after], { gaps: [before.length] })).toEqual([]);
  });

  test('a stream that had handed on its slices is known, and what it loses then', () => {
    const before = healthy(SIX);
    const later = [...healthy([50], 1_000_050), ...handsOn(49, 49, 1_000_149), write(50, 50)];
    const end = [FLUSHED, SHUT_DOWN];
    expect(brief([...before, ...later, ...end], { gaps: [before.length] })).toEqual([
      'partial-over-report a -> b at 123',
    ]);
  });

  test('so is one that hands on slices of different sizes, and what it takes twice', () => {
    const later = [...healthy([50, 60], 1_000_000), ...handsOn(70, 70, 1_000_180), write(70, 60)];
    expect(brief(later, { gaps: [0] })).toEqual(['under-report a -> b at 108']);
  });

  test('one that hands on slices of one size is known by what it did before', () => {
    const before = healthy([68, 68, 68, 68, 68]);
    const later = [...healthy([68], 1_000_000), ...handsOn(68, 68, 1_000_136), write(68, 60)];
    expect(brief([...before, ...later], { gaps: [before.length] })).toHaveLength(1);
    // By that alone it may be one message behind, and catch up.
    expect(brief(later, { gaps: [0] })).toEqual([]);
    expect(brief([...healthy([68], 900_000), ...later], { gaps: [0] })).toEqual([]);
    expect(brief([...healthy([68]), ...later], { gaps: [3] })).toEqual([]);
  });

  test('what a stream has begun to keep back meanwhile is not taken twice when it comes', () => {
    const before = healthy(SIX);
    const later = [...healthy([50], 1_000_000), ...handsOn(70, 70, 1_000_120), write(60, 60)];
    expect(brief([...before, ...later], { gaps: [before.length] })).toEqual([]);
  });

  test('a call of which the first part is missing is none to begin at', () => {
    const before = healthy(SIX);
    const later = [write(50, 50), ...healthy([60, 70], 1_000_000), FLUSHED, SHUT_DOWN];
    expect(brief([...before, ...later], { gaps: [before.length] })).toEqual([]);
  });

  test('what was missing before them is not known any more', () => {
    const before = [...healthy(SIX), ...handsOn(67, 67, SIX_BYTES + 67), write(68, 68)];
    expect(brief([...before, ...healthy([50, 60, 70], 1_000_000), SHUT_DOWN], { gaps: [before.length] })).toEqual([]);
  });
});

test('an adapter that was at work before the trace began is none that takes too much', () => {
  expect(brief([...handsOn(68, 68, 5068), write(68, 68), ...handsOn(10, 10, 5078), write(10, 10)])).toEqual([]);
});
