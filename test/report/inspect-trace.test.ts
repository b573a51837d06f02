import { describe, expect, test } from 'vitest';
import { TraceInspector, type Inspection } from '../../harness/report/inspect-trace.ts';
import { inspectedItems } from '../../harness/report/inspected-item.ts';
import { runCopy } from '../../harness/sim/run-copy.ts';
import type { Script } from '../../harness/sim/script.ts';
import { ScriptedStream } from '../../harness/sim/scripted-stream.ts';
import { resolveDialect } from '../../src/copy/dialect.ts';
import { encodeEvent } from '../../src/trace/encode-event.ts';
import { readRing } from '../../src/trace/read-ring.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { Word, WORDS_PER_RECORD } from '../../src/trace/ring-layout.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import { records, type Sketch } from './support/story.ts';

async function inspected(items: readonly TraceItem[]): Promise<Inspection> {
  const inspector = new TraceInspector();
  async function* source(): AsyncGenerator<TraceItem> {
    for (const item of items) yield await Promise.resolve(item);
  }
  for await (const item of inspectedItems(source(), new AbortController().signal)) inspector.add(item);
  return inspector.finish();
}

/** What a recorder has of a copy between two scripted streams, with time standing still. */
function recorded(dialect: string, a: Script, b: Script, { idleIterations = 1, maxPolls = 100_000 } = {}): TraceItem {
  const recorder = new Recorder({ clock: { nowMs: () => 0, after: () => () => undefined } });
  const streams = [new ScriptedStream('a', a, []), new ScriptedStream('b', b, [])] as const;
  runCopy(...streams, { dialect: resolveDialect(dialect), recorder, maxPolls, limits: { idleIterations } });
  const words = readRing(recorder.buffer).flatMap((event) => [...encodeEvent(event)]);
  return { kind: 'records', firstSeq: 0, words: Int32Array.from(words) };
}

/** The same few records over and over, as raw as they come. */
function rounds(before: readonly Sketch[], round: readonly Sketch[], times: number): TraceItem {
  const one = records(round).words;
  const begin = records(before).words;
  const words = new Int32Array(begin.length + one.length * times);
  words.set(begin);
  for (let i = 0; i < times; i += 1) words.set(one, begin.length + i * one.length);
  for (let at = 0; at < words.length; at += WORDS_PER_RECORD) words[at + Word.TICK_MS] = at / WORDS_PER_RECORD / 100;
  return { kind: 'records', firstSeq: 0, words };
}

const at = (pos: number): Sketch => ({ kind: 'loop', pos, cap: 1000 });

describe('the loop', () => {
  test('of a recorder that has counted it', async () => {
    const { loop, firstViolation } = await inspected([
      recorded('tokio-1.12.0', { read: [68, 'x'] }, { read: ['x'], write: [{ d: 1 }] }, { idleIterations: 1000 }),
    ]);
    expect(firstViolation).toMatchObject({ rule: 'write-over-offered', event: { seq: 2, n: 69 } });
    expect(loop).toMatchObject({ rounds: 1001, bytesPerRound: 0, events: [{ kind: 'loop', pos: 69, cap: 68 }] });
    expect(loop?.before.map(({ kind }) => kind)).toEqual(['poll', 'read', 'write']);
  });

  test('of polls that wake themselves for ever is the whole poll', async () => {
    const waking = { read: Array.from({ length: 2000 }, () => 'p' as const) };
    const { loop } = await inspected([recorded('tokio-1.53.1', waking, waking, { maxPolls: 1000 })]);
    expect(loop?.rounds).toBeGreaterThan(490);
    expect(loop?.events.at(0)?.kind).toBe('poll');
    expect(loop?.events.filter(({ kind }) => kind === 'poll')).toHaveLength(1);
  });

  test.each([1, 2, 3, 4, 7, 100, 1024])('of %i different records, two hundred thousand of them', async (period) => {
    const round = Array.from({ length: period }, (_, i) => at(i));
    const times = Math.floor(200_000 / period);
    const { loop, totals } = await inspected([rounds([at(500), at(501), at(999)], round, times)]);
    expect(totals.records).toBe(3 + period * times);
    expect(loop?.rounds).toBe(times);
    expect(loop?.events).toHaveLength(period);
    expect(loop?.before.map(({ pos }) => pos)).toEqual([500, 501, 999]);
    expect(loop?.lastTickMs).toBe(Math.floor((3 + period * times - 1) / 100));
  });

  test('that a recorder had to count in several records is one, with all their counts', async () => {
    const counted = (lastTickMs: number): Sketch => ({ ...at(5), repeat: 999, lastTickMs });
    const { loop } = await inspected([records([at(1), counted(10), counted(20), counted(30), counted(40)])]);
    expect(loop).toMatchObject({ rounds: 4000, lastTickMs: 40, events: [{ pos: 5 }], before: [{ pos: 1 }] });
  });

  test('that was counted is over where a poll does something else, and not where it only begins anew', async () => {
    const counted: Sketch[] = [
      { kind: 'poll', n: 1, repeat: 99, lastTickMs: 0 },
      { kind: 'read', n: 'pending', offered: 9 },
      at(5),
    ];
    const again: Sketch = { kind: 'poll', n: 101 };
    const begun = await inspected([records([...counted, again, { kind: 'read', n: 'pending', offered: 9 }])]);
    expect(begun.loop).toMatchObject({ rounds: 100, events: [{ kind: 'poll' }, { kind: 'read' }, { kind: 'loop' }] });
    const ended = await inspected([records([...counted, again, { kind: 'read', n: 5, offered: 9 }])]);
    expect(ended.loop).toBeNull();
  });

  test('begins with the end of an iteration before it, or with a poll, however far back its parts reach', async () => {
    const mark = (n: number): Sketch => ({ ...at(5), n });
    const printed = await inspected([rounds([mark(3), mark(4)], [1, 2, 3, 4].map(mark), 100)]);
    expect(printed.loop?.events.map(({ n }) => n)).toEqual([1, 2, 3, 4]);
    expect(printed.loop?.before.map(({ n }) => n)).toEqual([3, 4]);
    const pending: Sketch = { kind: 'read', n: 'pending', offered: 9 };
    const polled = await inspected([rounds([pending, at(5)], [{ kind: 'poll', n: 1 }, pending, at(5)], 100)]);
    expect(polled.loop?.events.map(({ kind }) => kind)).toEqual(['poll', 'read', 'loop']);
    expect(polled.loop?.rounds).toBe(100);
  });

  test('is none where nothing goes round at the end', async () => {
    const endless = Array.from({ length: 20_000 }, (_, i) => at(i));
    expect((await inspected([records(endless)])).loop).toBeNull();
    expect((await inspected([rounds([], [at(1), at(2)], 9000), records([at(3)], 18_000)])).loop).toBeNull();
    expect((await inspected([])).loop).toBeNull();
  });

  test('begins anew after another one', async () => {
    const [first, second] = [rounds([], [at(1), at(2)], 9000), rounds([], [at(5), at(6), at(7)], 40_000)];
    const { loop } = await inspected([first, { ...second, firstSeq: 18_000 } as TraceItem]);
    expect(loop).toMatchObject({ rounds: 40_000, events: [{ pos: 5, seq: 18_000 }, { pos: 6 }, { pos: 7 }] });
  });

  test('is told from honest work by its bytes', async () => {
    const round: Sketch[] = [
      { kind: 'read', n: 100, offered: 2048 },
      { kind: 'write', n: 100, offered: 100 },
    ];
    expect((await inspected([rounds([], round, 100)])).loop).toMatchObject({ rounds: 100, bytesPerRound: 100 });
  });
});

describe('the first violation', () => {
  test.each<[string, Sketch]>([
    ['write-over-offered', { kind: 'write', n: 69, offered: 68 }],
    ['write-zero', { kind: 'write', n: 0, offered: 68 }],
    ['read-over-room', { kind: 'read', n: 2049, offered: 2048 }],
    ['count-invalid', { kind: 'write', n: -1, offered: 68 }],
    ['count-invalid', { kind: 'write', n: { type: 'string', value: '68' }, offered: 68 }],
    ['count-invalid', { kind: 'read', n: { type: 'number', value: 0.5 }, offered: 68 }],
    ['write-over-offered', { kind: 'write', n: { type: 'number', value: 2 ** 40 }, offered: 68 }],
    ['result-invalid', { kind: 'flush', n: 3 }],
    ['result-invalid', { kind: 'shutdown', n: { type: 'object', value: '' } }],
    ['pos-over-cap', { kind: 'loop', pos: 69, cap: 68 }],
    ['place-invalid', { kind: 'loop', pos: { type: 'number', value: Number.NaN }, cap: 68 }],
    ['read-after-end', { kind: 'read', n: 0, offered: 9, read_done: true }],
    ['io-after-done', { kind: 'write', n: 1, offered: 9, state: 'done' }],
  ])('%s: %j', async (rule, sketch) => {
    const good: Sketch = { kind: 'write', n: 68, offered: 68 };
    const { firstViolation, violations } = await inspected([records([good, sketch, good, sketch])]);
    expect(firstViolation).toMatchObject({ rule, event: { seq: 1 } });
    expect(violations).toBe(2);
  });

  test.each<[Sketch]>([
    [{ kind: 'write', n: 'pending', offered: 68 }],
    [{ kind: 'write', n: 'failed', offered: 68 }],
    [{ kind: 'write', n: 68, offered: 68 }],
    [{ kind: 'read', n: 0, offered: 68 }],
    [{ kind: 'read', n: 'pending', offered: 68 }],
    [{ kind: 'flush', n: 'pending' }],
    [{ kind: 'shutdown', n: 0, read_done: true }],
    [{ kind: 'loop', pos: 68, cap: 68, read_done: true, state: 'done' }],
    [{ kind: 'state', n: 5, state: 'done' }],
    [{ kind: 'state', n: { type: 'number', value: 2 ** 40 }, state: 'done' }],
  ])('%j is none', async (sketch) => {
    expect((await inspected([records([sketch])])).firstViolation).toBeNull();
  });

  test('is found where its extension comes in the next piece', async () => {
    const { words } = records([{ kind: 'write', n: { type: 'string', value: '68' }, offered: 68 }]);
    const { firstViolation } = await inspected([
      { kind: 'records', firstSeq: 0, words: words.slice(0, WORDS_PER_RECORD) },
      { kind: 'records', firstSeq: 1, words: words.slice(WORDS_PER_RECORD) },
    ]);
    expect(firstViolation).toMatchObject({ rule: 'count-invalid', event: { n: { type: 'string', value: '68' } } });
  });
});

test('connections, directions, bytes and iterations are counted with the repeats of their poll', async () => {
  const { totals } = await inspected([
    records([
      { kind: 'poll', n: 1, repeat: 9, lastTickMs: 0 },
      { kind: 'loop', repeat: 1, lastTickMs: 0 },
      { kind: 'poll', n: 11 },
      { kind: 'write', n: 5, offered: 5, direction: 'b -> a', connection: 2 },
    ]),
  ]);
  expect(totals.connections()).toEqual([
    {
      connection: 1,
      events: 3,
      directions: {
        'a -> b': { events: 1, bytes: 0, iterations: 20, state: 'running' },
        'b -> a': { events: 0, bytes: 0, iterations: 0, state: 'running' },
      },
    },
    {
      connection: 2,
      events: 1,
      directions: {
        'a -> b': { events: 0, bytes: 0, iterations: 0, state: 'running' },
        'b -> a': { events: 1, bytes: 5, iterations: 0, state: 'running' },
      },
    },
  ]);
});

test('times are told after 25 days, when a tick has 32 bits', async () => {
  const late = 2 ** 31 + 5000;
  const { totals } = await inspected([
    records([
      { kind: 'wake', tickMs: 3 },
      { kind: 'wake', tickMs: late },
    ]),
  ]);
  expect([totals.firstTickMs, totals.lastTickMs]).toEqual([3, late]);
});

test('a trace of ever new connections takes bounded memory, and says how much it did not list', async () => {
  const sketches = Array.from(
    { length: 66_000 },
    (_, i) => ({ kind: 'wake', half: 'read', connection: i + 1 }) as const,
  );
  const { totals } = await inspected([records(sketches)]);
  expect(totals.connections()).toHaveLength(65_536);
  expect(totals.unlisted).toBe(464);
});

test('of notes the first are kept and the last, of names what is no longer than a name', async () => {
  const verdicts = Array.from({ length: 100 }, (_, atMs) => {
    return { kind: 'verdict', verdict: { outcome: 'busy', message: '', atMs } } as const;
  });
  const named = { kind: 'connection', note: { connection: 1, a: 'x'.repeat(1_000_000), end: 'completed' } } as const;
  const { notes } = await inspected([...verdicts, named]);
  expect(notes.verdicts.count).toBe(100);
  expect(notes.verdicts.kept.map(({ atMs }) => atMs)).toEqual([...Array(15).keys(), 99]);
  expect(notes.names.get(1)).toEqual({ connection: 1, a: 'x'.repeat(400), end: 'completed' });
});
