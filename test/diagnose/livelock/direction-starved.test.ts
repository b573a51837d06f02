import { expect, test } from 'vitest';
import { Diagnosis } from '../../../src/diagnose/diagnosis.ts';
import { directionStarved } from '../../../src/diagnose/livelock/direction-starved.ts';
import type { Ending } from '../../../src/diagnose/detector.ts';
import type { Finding } from '../../../src/diagnose/finding.ts';
import type { Told } from '../support/found-in.ts';

/** a -> b moves in each poll; what b -> a does in it is the point. */

const POLL: Told = { kind: 'poll', n: 1, timeMs: 0 };
const MOVES: Told = { kind: 'write', pos: 0, cap: 1, n: 1, offered: 1 };
const DOWN = { direction: 'b -> a', half: 'read' } as const;
const REGISTERED: Told = { kind: 'register', ...DOWN, n: 0 };
const WOKEN: Told = { kind: 'wake', ...DOWN, n: 0 };
const PENDING: Told = { kind: 'read', direction: 'b -> a', offered: 8192, n: 'pending' };
const GAVE: Told = { kind: 'read', direction: 'b -> a', offered: 8192, n: 302 };
const READABLE: Told = { kind: 'socket', ...DOWN, n: 2, offered: 302 };
const STARVED = { outcome: 'starved', atMs: 0, direction: 'b -> a' } as const;

/** From 1.36 on: turned away at the entry. */
const REFUSED = [POLL, MOVES, REGISTERED, WOKEN];
/** Up to 1.35: turned away by its reader, after so many calls of a -> b. */
function refusedByItsReader(calls: number): Told[] {
  return [POLL, ...Array.from({ length: calls }, () => MOVES), REGISTERED, WOKEN, PENDING];
}

function times(count: number, events: readonly Told[]): Told[] {
  return Array.from({ length: count }, () => events).flat();
}

function found(events: readonly Told[], ending?: Partial<Ending>): Finding[] {
  const diagnosis = new Diagnosis({ detectors: [directionStarved] });
  for (const [seq, event] of events.entries())
    diagnosis.event({ connection: 1, tickMs: 0, direction: 'a -> b', ...event, seq });
  diagnosis.end(ending);
  return diagnosis.findings();
}

test('turned away in 32 polls, and then it had something at once', () => {
  const [finding, ...more] = found([...times(32, REFUSED), POLL, GAVE]);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    class: 'direction-starved',
    direction: 'b -> a',
    confidence: 'certain',
    evidence: { numbers: { polls: 32 } },
  });
  expect(found([...times(31, REFUSED), POLL, GAVE])).toEqual([]);
});

test('turned away by its reader counts where the other direction has used up a budget', () => {
  expect(found([...times(32, refusedByItsReader(64)), POLL, GAVE])).toHaveLength(1);
  // A reader that wakes itself each time is another matter.
  expect(found([...times(32, refusedByItsReader(63)), POLL, GAVE])).toEqual([]);
});

/** A download alone: nothing is wanted in the other direction. */
test('a direction that is asked and has nothing is idle', () => {
  expect(found([...times(100, [POLL, MOVES, REGISTERED, PENDING]), POLL, GAVE], STARVED)).toEqual([]);
  expect(found([...times(100, REFUSED), POLL, PENDING], STARVED)).toEqual([]);
  expect(found(times(100, [POLL, MOVES]), STARVED)).toEqual([]);
  const asked = [POLL, ...times(64, [MOVES]), REGISTERED, PENDING];
  expect(found([...times(100, asked), POLL, GAVE])).toEqual([]);
});

test('its bytes at the end are a proof, and so is a wake from outside', () => {
  expect(found([...times(40, REFUSED), READABLE], STARVED)[0]).toMatchObject({ confidence: 'certain' });
  const woken = [POLL, MOVES, REGISTERED, PENDING, WOKEN];
  expect(found([...woken, ...times(32, REFUSED), POLL])).toHaveLength(1);
});

test('without a proof it is likely at most, where who ran it has said so, and else nothing', () => {
  expect(found(times(40, REFUSED), STARVED)[0]).toMatchObject({ confidence: 'likely' });
  expect(found(times(40, REFUSED))).toEqual([]);
  expect(found(times(40, REFUSED), { ...STARVED, direction: 'a -> b' })).toEqual([]);
});

/** The reader is not asked: its end is known, and what was written is on its way out. */
test('a direction that waits for its flush has had its turn', () => {
  const flush: Told = { kind: 'flush', direction: 'b -> a', n: 'pending' };
  const wake: Told = { kind: 'wake', direction: 'b -> a', half: 'write', n: 0 };
  const register: Told = { ...wake, kind: 'register' };
  const polls = times(100, [POLL, MOVES, register, flush, wake]);
  expect(found([...polls, POLL, GAVE], STARVED)).toEqual([]);
});
