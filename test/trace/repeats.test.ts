import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runCopy } from '../../harness/sim/run-copy.ts';
import { ScriptedStream } from '../../harness/sim/scripted-stream.ts';
import { resolveDialect } from '../../src/copy/dialect.ts';
import { EVENT_KINDS, Kind } from '../../src/trace/event-kind.ts';
import { readRing } from '../../src/trace/read-ring.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';

const clock = { nowMs: () => 0, after: () => () => undefined };

/** What is recorded, as a test says it. */
type Said =
  | { readonly kind: 'poll'; readonly connection: number }
  | { readonly kind: 'loop'; readonly connection: number; readonly pos: number }
  | { readonly kind: 'write'; readonly connection: number; readonly pos: number; readonly n: number };

function say(recorder: Recorder, said: Said): void {
  if (said.kind === 'poll') recorder.poll(said.connection);
  else if (said.kind === 'loop') recorder.loop(0, said.connection, said.pos, 68);
  else recorder.event(Kind.WRITE, said.connection, said.pos, 68, said.n, 68);
}

/** How often each event was said, in all: what the repeats must still add up to. */
function tally(events: readonly { said: string; times: number }[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const { said, times } of events) totals.set(said, (totals.get(said) ?? 0) + times);
  return totals;
}

/** The events of a trace, each with the number of times that it stands for. */
function expanded(events: readonly TraceEvent[]): { said: string; times: number }[] {
  let polls = 1;
  return events.map(({ kind, connection, pos, n, repeat = 0 }) => {
    if (kind === 'poll') polls = 1 + repeat;
    const times = kind === 'loop' ? polls * (1 + repeat) : polls;
    return { said: spell(kind, connection, pos, n), times };
  });
}

function spell(kind: string, connection: number, pos: unknown, n: unknown): string {
  return JSON.stringify([kind, connection, kind === 'poll' ? null : pos, kind === 'write' ? n : null]);
}

const event: fc.Arbitrary<Said> = fc.oneof(
  fc.record({ kind: fc.constant('poll' as const), connection: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    kind: fc.constant('loop' as const),
    connection: fc.integer({ min: 1, max: 3 }),
    pos: fc.nat({ max: 2 }),
  }),
  fc.record({
    kind: fc.constant('write' as const),
    connection: fc.integer({ min: 1, max: 3 }),
    pos: fc.nat({ max: 2 }),
    n: fc.integer({ min: 67, max: 69 }),
  }),
);

/** Rounds that come again, since chance alone seldom says anything twice. */
const rounds = fc
  .array(fc.tuple(fc.array(event, { maxLength: 6 }), fc.integer({ min: 1, max: 6 })), { maxLength: 12 })
  .map((parts) => parts.flatMap(([round, times]) => Array.from({ length: times }, () => round).flat()));

test('whatever is collapsed, the repeats add up to what was recorded', () => {
  fc.assert(
    fc.property(rounds, (all) => {
      const recorder = new Recorder({ clock });
      for (const said of all) say(recorder, said);
      const expected = all.map((said) => ({
        said: spell(said.kind, said.connection, 'pos' in said ? said.pos : 0, 'n' in said ? said.n : 0),
        times: 1,
      }));
      expect(tally(expanded(readRing(recorder.buffer)))).toEqual(tally(expected));
    }),
    { numRuns: 2000 },
  );
});

test('what stands after the gap of a ring that has wrapped is what was recorded last', () => {
  fc.assert(
    fc.property(rounds, fc.integer({ min: 200, max: 700 }), (all, before) => {
      const recorder = new Recorder({ keptRecords: 4, ringRecords: 256, clock });
      for (let i = 0; i < before; i += 1) recorder.event(Kind.WRITE, 9, i, 0, 1, 1);
      for (const said of all) say(recorder, said);
      const ours = readRing(recorder.buffer).filter(({ connection }) => connection === 9);
      // Each number once and in order: a record taken back must not come back as an old one.
      const positions = ours.map(({ pos }) => Number(pos));
      expect(positions).toEqual([...new Set(positions)].toSorted((x, y) => x - y));
      const seqs = readRing(recorder.buffer).map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.toSorted((x, y) => x - y));
      // Whatever comes after ours is not ours again.
      const kinds = readRing(recorder.buffer).filter(({ kind }) => kind !== 'gap');
      const lastOurs = kinds.findLastIndex(({ connection }) => connection === 9);
      expect(kinds.slice(0, lastOurs + 1).every(({ connection }) => connection === 9)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

describe('a cycle of several polls is counted too', () => {
  test('under checked, whose directions take turns', () => {
    const recorder = new Recorder({ clock });
    const a = new ScriptedStream('a', { read: [...Array.from({ length: 1000 }, () => 'p' as const), 'x'] }, []);
    const b = new ScriptedStream('b', { read: Array.from({ length: 1001 }, () => 'x' as const) }, []);
    runCopy(a, b, { dialect: resolveDialect('checked'), recorder });
    const polls = readRing(recorder.buffer).filter(({ kind }) => kind === 'poll');
    expect(polls.length).toBeLessThan(6);
    expect(polls.reduce((sum, { repeat = 0 }) => sum + 1 + repeat, 0)).toBe(1001);
  });

  test('of two copies that wake in turn', () => {
    const recorder = new Recorder({ clock });
    for (let i = 0; i < 1000; i += 1) {
      for (const connection of [1, 2]) {
        recorder.poll(connection);
        recorder.event(Kind.READ, connection, 0, 0, 0, 8192);
      }
    }
    expect(readRing(recorder.buffer).length).toBeLessThan(10);
  });
});

test('a loop whose pos is no number is counted like any other', () => {
  const recorder = new Recorder({ clock });
  for (let i = 0; i < 1000; i += 1) recorder.loop(0, 1, Number.NaN, 68);
  expect(readRing(recorder.buffer)).toMatchObject([{ kind: 'loop', pos: { value: Number.NaN }, repeat: 999 }]);
});

test('the same iteration after something else stands again, in its place', () => {
  const recorder = new Recorder({ clock });
  recorder.loop(0, 1, 69, 68);
  recorder.event(Kind.READ, 1, 0, 0, 0, 0);
  recorder.loop(0, 1, 69, 68);
  expect(readRing(recorder.buffer).map(({ kind }) => kind)).toEqual(['loop', 'read', 'loop']);
});

test('a repeat that is full begins anew', () => {
  const recorder = new Recorder({ clock });
  recorder.loop(0, 1, 69, 68);
  // The eighth word of the first record, after the header of sixteen: as if it had spun for half a minute.
  new Int32Array(recorder.buffer)[16 + 7] = 0x7fffffff;
  recorder.loop(0, 1, 69, 68);
  expect(readRing(recorder.buffer).map(({ repeat = 0 }) => repeat)).toEqual([0x7fffffff, 0]);
});

test('the codes of the kinds are their places in the list', () => {
  const names = Object.entries(Kind).toSorted(([, x], [, y]) => x - y);
  expect(names.map(([name]) => name.toLowerCase().replaceAll('_', '-'))).toEqual([...EVENT_KINDS]);
});
