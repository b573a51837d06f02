import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { familyOf } from '../../harness/replay/dialect-family.ts';
import { importText } from '../../harness/import/import-text.ts';
import type { SideScript } from '../../harness/scenario/scenario.ts';
import { readTraceBytes } from '../../src/trace/file/read-trace-bytes.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import { scenarioOf } from '../sim/scenario-of.ts';
import { recordRun, replayItems } from './recorded-run.ts';

const STORY = { a: { read: [68, { received: 302 }] }, b: { read: [{ received: 68 }, 302], write: [{ d: 1 }] } };

/** What the traces of the story hold; their words are used again, so they are copied. */
async function goldenItems(name: string): Promise<TraceItem[]> {
  const bytes = await readFile(`traces/golden/${name}.trace`);
  const items: TraceItem[] = [];
  for await (const item of readTraceBytes([bytes]))
    items.push(item.kind === 'records' ? { ...item, words: item.words.slice() } : item);
  return items;
}

async function outcomes(items: readonly TraceItem[], dialects: readonly string[] = []): Promise<string[]> {
  const { replays } = await replayItems(items, dialects);
  return replays.map(({ dialect, outcome, code, counts, agrees, isStuck }) =>
    [dialect, outcome, code ?? '', counts.aToB, counts.bToA, agrees ? 'agrees' : '', isStuck ? 'stuck' : '']
      .join(' ')
      .trim(),
  );
}

const FAMILIES = [
  'tokio-1.9.0',
  'tokio-1.12.0',
  'tokio-1.21.2',
  'tokio-1.35.0',
  'tokio-1.38.0',
  'tokio-1.39.0',
  'checked',
];

/** The table of the releases: they spin up to 1.38, hide it since 1.39, and `checked` refuses it. */
test('the story of the demo, as it was recorded from real sockets, in every family', async () => {
  expect(await outcomes(await goldenItems('off-by-one'), FAMILIES)).toEqual([
    'tokio-1.9.0 spinning SPINNING 69 0 agrees',
    'tokio-1.12.0 spinning SPINNING 69 0 agrees',
    'tokio-1.21.2 spinning SPINNING 69 0 agrees',
    'tokio-1.35.0 spinning SPINNING 69 0 agrees',
    'tokio-1.38.0 spinning SPINNING 69 0 agrees',
    // The record ends there, and what the origin would have answered is not in it.
    'tokio-1.39.0 parked  69 0',
    'checked failed WRITE_COUNT_INVALID 0 0',
  ]);
});

test.each(['off-by-one', 'fixed'])(
  '%s does again, in its own dialect, step by step what was recorded',
  async (name) => {
    const { replays, dialect } = await replayItems(await goldenItems(name));
    expect(dialect).toBe('tokio-1.12.0');
    expect(replays).toHaveLength(1);
    expect(replays[0]).toMatchObject({ agrees: true, departure: null, isStuck: false });
  },
);

test('what a release has hidden would have hung in those before', async () => {
  const { items } = recordRun(scenarioOf(STORY), 'tokio-1.39.0');
  expect(await outcomes(items, ['tokio-1.38.0', 'tokio-1.39.0'])).toEqual([
    'tokio-1.38.0 spinning SPINNING 69 0  stuck',
    'tokio-1.39.0 completed  69 302 agrees',
  ]);
});

test('what a dialect refused ends its record, and one that goes on and waits there is not known to hang', async () => {
  const { items } = recordRun(scenarioOf(STORY), 'checked');
  expect(await outcomes(items, ['checked', 'tokio-1.38.0', 'tokio-1.39.0'])).toEqual([
    'checked failed WRITE_COUNT_INVALID 0 0 agrees',
    'tokio-1.38.0 spinning SPINNING 69 0  stuck',
    'tokio-1.39.0 parked  69 0',
  ]);
});

/** `checked` flushes a writer that takes no more, and asks again; no release does. */
test('a writer that takes more only after a flush would have hung without it', async () => {
  const b: SideScript = { read: [0], write: [40, 'x', 28] };
  const { items, outcome } = recordRun(scenarioOf({ a: { read: [68, 0] }, b }), 'checked');
  expect(outcome).toBe('completed');
  expect(await outcomes(items, ['checked', 'tokio-1.53.1'])).toEqual([
    'checked completed  68 0 agrees',
    'tokio-1.53.1 parked  40 0  stuck',
  ]);
});

test('a reply is taken for an answer to what came before it: where that does not arrive, it does not come', async () => {
  const { items } = recordRun(scenarioOf(STORY), 'tokio-1.39.0');
  const { trace } = await replayItems(items);
  expect(trace.scenario.b.read).toEqual([{ received: 68 }, { bytes: 302 }, 0]);
});

test('waits keep their time, and a reader that was woken by what it got waits for that', async () => {
  const a: SideScript = { read: [{ waitMs: 12.5 }, 10, { received: 5, waitMs: 2 }, 10] };
  const b: SideScript = { read: [{ received: 10 }, 5, { waitMs: 30 }], write: [{ waitMs: 7 }] };
  const { items } = recordRun(scenarioOf({ a, b }), 'tokio-1.21.2');
  const { trace, replays } = await replayItems(items);
  expect(trace.scenario.a.read).toEqual([
    { waitMs: 12.5 },
    { bytes: 10 },
    { received: 5, waitMs: 2 },
    { bytes: 10 },
    0,
  ]);
  expect(trace.scenario.b).toEqual({
    read: [{ received: 10 }, { bytes: 5 }, { received: 20, waitMs: 28 }, 0],
    write: [{ waitMs: 7 }],
  });
  expect(replays[0]).toMatchObject({ agrees: true, departure: null });
});

test('where records are missing it goes on after them, and says so', async () => {
  const read = Array.from({ length: 400 }, () => 100);
  const { items, outcome } = recordRun(scenarioOf({ a: { read } }), 'tokio-1.12.0', {
    keptRecords: 64,
    ringRecords: 1024,
  });
  expect(outcome).toBe('completed');
  const { trace, replays, connection } = await replayItems(items);
  expect(connection.missing).toBeGreaterThan(0);
  expect(trace.assumptions[0]).toMatch(/^\d+ records are missing: the replay goes on after them/);
  expect(replays[0]).toMatchObject({ outcome: 'completed', agrees: true, departure: null });
});

test('the last print of a patched program is enough for the bug that it found', async () => {
  const items = await printedItems('a -> b #4 pos=69 cap=68 read_done=false\n'.repeat(3));
  expect(await outcomes(items)).toEqual([
    'tokio-0.2.0 spinning SPINNING 69 0 agrees',
    'tokio-1.10.0 spinning SPINNING 69 0 agrees',
    'tokio-1.13.0 spinning SPINNING 69 0 agrees',
    'tokio-1.14.0 spinning SPINNING 69 0 agrees',
    'tokio-1.22.0 spinning SPINNING 69 0 agrees',
    'tokio-1.36.0 spinning SPINNING 69 0 agrees',
    'tokio-1.38.0 spinning SPINNING 69 0 agrees',
    'tokio-1.39.0 parked  69 0',
    'checked failed WRITE_COUNT_INVALID 0 0',
  ]);
});

/** Each print of a healthy iteration is one read, of as many bytes again if they are as many; the last was the end. */
test('printed iterations of a healthy copy are as many reads', async () => {
  const line = (isDone: boolean): string => `a -> b #4 pos=68 cap=68 read_done=${isDone}\n`;
  const { trace, replays } = await replayItems(await printedItems(line(false) + line(false) + line(true)), [
    'tokio-1.12.0',
  ]);
  expect(trace.scenario.a.read).toEqual([{ bytes: 68 }, { bytes: 68 }, 0]);
  expect(replays[0]?.counts.aToB).toBe(136);
});

test('the connection is the one of the verdict, else the first that has not completed; another has to be there', async () => {
  const { items } = recordRun(scenarioOf(STORY), 'tokio-1.12.0');
  const end: TraceItem = { kind: 'connection', note: { connection: 1, end: 'completed' } };
  const second = items.map((item) =>
    item.kind === 'records' ? { ...item, firstSeq: 1000, words: renumbered(item.words) } : item,
  );
  expect((await replayItems([...items, end, ...second])).connection.connection).toBe(2);
  expect((await replayItems([...items, ...second], [], 1)).connection.connection).toBe(1);
  await expect(replayItems(items, [], 7)).rejects.toMatchObject({ code: 'REPLAY_NOTHING' });
  await expect(replayItems([])).rejects.toMatchObject({ code: 'REPLAY_NOTHING' });
});

async function* printed(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

async function printedItems(text: string): Promise<TraceItem[]> {
  const items: TraceItem[] = [];
  for await (const item of importText(printed(text), { lines: 0, recognised: 0 }))
    items.push(item.kind === 'records' ? { ...item, words: item.words.slice() } : item);
  return items;
}

function renumbered(words: Int32Array): Int32Array {
  return words.map((word, at) => (at % 8 === 1 ? 2 : word));
}

test('a family is named by its first and its last release', () => {
  expect(
    ['tokio-0.2.0', 'tokio-1.13.1', 'tokio-1.24.1', 'tokio-1.38.2', 'tokio-1.53.1', 'checked'].map(familyOf),
  ).toEqual(['0.2 – 1.9', '1.13', '1.22 – 1.35', '1.38', '1.39 and later', null]);
});
