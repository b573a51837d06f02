import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import { records, STORY, traceBytes, type Sketch } from '../report/support/story.ts';
import { capturedIo } from './captured-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'relayscope-diff-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let files = 0;

function file(content: string | readonly TraceItem[]): string {
  files += 1;
  const path = join(folder, `${files}.x`);
  writeFileSync(path, typeof content === 'string' ? content : traceBytes(content));
  return path;
}

type Options = NonNullable<Parameters<typeof capturedIo>[0]>;

async function diff(args: string[], options: Options = {}): Promise<{ code: number; out: string; err: string }> {
  const { io, out, err } = capturedIo(options);
  const code = await runCli(['diff', ...args], io);
  return { code, out: out().replaceAll(folder, 'traces'), err: err() };
}

/** Compares two traces of one piece each; what they have in common is said in JSON. */
async function outcome(good: readonly Sketch[], bad: readonly Sketch[], ...args: string[]): Promise<unknown> {
  const { code, out } = await diff([...args, '--json', file([records(good)]), file([records(bad)])]);
  const { same, first, pairs, unpaired } = JSON.parse(out) as Record<string, unknown>;
  expect(code).toBe(same === true ? 0 : 1);
  return { first, pairs, unpaired };
}

const write = (n: number): Sketch => ({ kind: 'write', cap: 68, n, offered: 68 });
const loop = (pos: number, repeat?: number): Sketch => ({
  kind: 'loop',
  pos,
  cap: 68,
  ...(repeat === undefined ? {} : { repeat, lastTickMs: 5 }),
});
const FIXED: readonly Sketch[] = [
  { kind: 'poll', n: 7, tickMs: 3, timeMs: 3.5 },
  { kind: 'read', n: 68, offered: 2048, tickMs: 3 },
  { ...write(68), tickMs: 3 },
  { ...loop(68), tickMs: 3 },
  { kind: 'register', half: 'read', tickMs: 3 },
];

describe('what a person sees', () => {
  const [good, bad] = [file([records(FIXED, 100)]), file([records(STORY)])];

  test('the step at which they part, side by side with what comes before and after', async () => {
    const { code, out } = await diff([good, bad]);
    expect(code).toBe(1);
    expect(out).toBe(`GOOD        traces/1.x
BAD         traces/2.x

The same for 2 steps, then they part.

       GOOD                                                                 BAD
        100  poll 7                                                           0  poll 1
        101  a -> b  read   room 2048, got 68                                 1  a -> b  read   room 2048, got 68
>       102  a -> b  write  offered 68, reported 68  (pos 0, cap 68)          2  a -> b  write  offered 68, reported 69  (pos 0, cap 68)
        103  a -> b  #4  pos 68  cap 68  read_done false                      3  a -> b  #4  pos 69  cap 68  read_done false  need_flush  × 31,402,113 in 1.9 s
        104  a -> b  waits: its read half is registered                       –  (ended)
`);
  });

  test.each([60, 80, 200])('fits a terminal of %i columns', async (columns) => {
    const { out } = await diff([good, bad], { isTTY: true, columns });
    const lines = stripVTControlCharacters(out).split('\n');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    expect(lines.filter((line) => line.startsWith('>'))).toHaveLength(columns < 110 ? 2 : 1);
  });

  test('nothing, where nothing differs but times and numbers', async () => {
    const later = FIXED.map((sketch) => ({ ...sketch, tickMs: 99 }));
    const { code, out } = await diff([good, file([records(later)])]);
    expect(code).toBe(0);
    expect(out).toContain('The same: 5 steps.');
  });
});

describe('repeats', () => {
  test('differ in number by nature, which is said', async () => {
    const args = [file([records([write(69), loop(69, 10)])]), file([records([write(69), loop(69, 20)])])];
    const { code, out } = await diff(args);
    expect(code).toBe(0);
    expect(out).toContain('The same: 2 steps.\nOnly how often they repeat differs, first at step 2: × 11 and × 21.\n');
  });

  test('are the same one by one and counted', async () => {
    const printed = `a -> b poll_write offered=68 n=69 pos=0 cap=68\n${'a -> b pos=69 cap=68\n'.repeat(9000)}`;
    const args = [file([records([write(69), loop(69, 8999)])]), file(printed)];
    expect(await diff(args)).toMatchObject({ code: 0, out: expect.stringContaining('The same: 2 steps.\n') as string });
  });
});

test('one that ends earlier parts there', async () => {
  expect(await outcome([write(1), write(2), write(3)], [write(1), write(2)])).toMatchObject({
    first: { outcome: 'ended', steps: 2, good: { after: [{ n: 3 }] }, bad: { after: [] } },
  });
});

test('a value that 32 bits do not hold parts at its event', async () => {
  const odd = (value: string): Sketch => ({ kind: 'write', n: { type: 'string', value }, offered: 68 });
  expect(await outcome([write(1), odd('68'), write(2)], [write(1), odd('69'), write(2)])).toMatchObject({
    first: {
      steps: 1,
      good: { before: [{ n: 1 }], after: [{ n: { value: '68' } }, { n: 2 }] },
      bad: { before: [{ n: 1 }], after: [{ n: { value: '69' } }, { n: 2 }] },
    },
  });
});

test('undefined is not null', async () => {
  const odd = (type: 'undefined' | 'null'): Sketch => ({ kind: 'write', n: { type, value: '' }, offered: 68 });
  expect(await outcome([odd('null')], [odd('undefined')])).toMatchObject({ first: { outcome: 'parted', steps: 0 } });
});

// Among these are the places where what has been compared makes room for what comes: 4,096 records are read at a time.
test.each([4094, 4095, 4096, 4097, 4098, 4990])('a long way in they still part at the right step: %i', async (step) => {
  const good = Array.from({ length: 5000 }, (_, i) => write(1 + (i % 60)));
  const bad = good.map((sketch, i) => (i === step ? write(68) : sketch));
  const before = [step - 3, step - 2, step - 1].map((seq) => ({ seq }));
  expect(await outcome(good, bad)).toMatchObject({
    first: {
      steps: step,
      good: { before, after: [{ seq: step, n: 1 + (step % 60) }, {}, {}, {}] },
      bad: { before, after: [{ seq: step, n: 68 }, {}, {}, {}] },
    },
  });
});

test('only what was asked for is compared', async () => {
  const good: Sketch[] = [write(1), { kind: 'wake', half: 'read' }, { ...write(5), direction: 'b -> a' }];
  const bad: Sketch[] = [write(1), { ...write(6), direction: 'b -> a' }];
  expect(await outcome(good, bad, '--kind', 'write', '--direction', 'ab')).toMatchObject({
    first: null,
    pairs: [{ outcome: 'same', steps: 1 }],
  });
});

describe('connections', () => {
  const of = (connection: number, n: number): Sketch => ({ ...write(n), connection });

  test('are paired as they appear, in whatever way they take turns', async () => {
    const good = [of(1, 1), of(2, 5), of(1, 2), of(2, 6)];
    const bad = [of(7, 1), of(7, 2), of(9, 5), of(9, 6)];
    expect(await outcome(good, bad)).toMatchObject({
      first: null,
      pairs: [
        { connections: { good: 1, bad: 7 }, steps: 2 },
        { connections: { good: 2, bad: 9 }, steps: 2 },
      ],
    });
  });

  test('of all that part, the one that does so first is shown, with its own number', async () => {
    const good = [of(1, 1), of(2, 5), of(2, 6), of(1, 2)];
    const bad = [of(4, 1), of(4, 3), of(5, 5), of(5, 7)];
    expect(await outcome(good, bad)).toMatchObject({
      first: { connections: { good: 2, bad: 5 }, good: { after: [{ n: 6, connection: 2 }] } },
      pairs: [{ outcome: 'parted' }, { outcome: 'parted' }],
    });
    const { out } = await diff([file([records(good)]), file([records(bad)])]);
    expect(out).toContain('The same for 1 step, then they part. Connection 2 of GOOD, 5 of BAD.');
    expect(out).toContain('Connection 1:4: the same for 1 step, then they part.');
  });

  test('also where that one appeared first', async () => {
    const good = [of(1, 1), of(2, 5), of(1, 2), of(2, 6)];
    const bad = [of(1, 1), of(2, 5), of(1, 3), of(2, 7)];
    expect(await outcome(good, bad)).toMatchObject({ first: { connections: { good: 1, bad: 1 } } });
  });

  test('that appear after a gap may have begun in it', async () => {
    const late = file([records([of(1, 1)]), records([of(2, 5)], 100)]);
    const { out, code } = await diff(['--json', '--connection', '2', file([records([of(1, 1), of(2, 5)])]), late]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ first: { outcome: 'gap', steps: 0 } });
  });

  test('without a counterpart are a difference', async () => {
    expect(await outcome([of(1, 1)], [of(1, 1), of(2, 1)])).toMatchObject({
      first: null,
      unpaired: { good: [], bad: [2] },
    });
    const { out } = await diff([file([records([of(1, 1)])]), file([records([of(1, 1), of(2, 1)])])]);
    expect(out).toContain('Only BAD has connection 2.');
  });

  test('two may be picked', async () => {
    expect(await outcome([of(1, 1), of(2, 5)], [of(1, 5), of(2, 9)], '--connection', '2:1')).toMatchObject({
      first: null,
      pairs: [{ connections: { good: 2, bad: 1 }, outcome: 'same' }],
      unpaired: { good: [], bad: [] },
    });
  });
});

test('after a gap nothing is compared, and that is no success', async () => {
  const gapped = file([records([write(1), write(2)]), records([write(9)], 100)]);
  const whole = file([records([write(1), write(2), write(3), write(4)])]);
  const { code, out } = await diff([whole, gapped]);
  expect(code).toBe(1);
  expect(out).toContain('The same for 2 steps, then records are missing: what comes after cannot be compared.');
  expect(await diff([gapped, gapped])).toMatchObject({ code: 1 });
  const before = file([records([write(1), write(8)]), records([write(9)], 100)]);
  expect((await diff([before, gapped])).out).toContain('The same for 1 step, then they part.');
});

test('one of the two may be the standard input', async () => {
  const { code } = await diff(['-', file([records(FIXED)])], { stdin: [traceBytes([records(FIXED)])] });
  expect(code).toBe(0);
});

test.each([
  ['one file', ['a'], 'expected GOOD and BAD, got 1'],
  ['three files', ['a', 'b', 'c'], 'expected GOOD and BAD, got 3'],
  ['a file without a name', ['a', ''], 'Wrong file: expected a name'],
  ['the standard input twice', ['-', '-'], 'Only one of the two'],
  ['a pair that is none', ['a', 'b', '--connection', '1:x'], 'expected two numbers such as 1:2'],
  ['a kind that is none', ['a', 'b', '--kind', 'x'], 'Wrong --kind'],
])('%s is one line and exit code 2', async (_, args, message) => {
  const { code, err } = await diff(args);
  expect(code).toBe(2);
  expect(err).toContain(message);
  expect(err).toMatch(/\[USAGE\]\nTry: relayscope diff --help\n$/);
});

test('a file that cannot be read is one line that names it', async () => {
  const { code, err } = await diff([file([records(FIXED)]), file('nothing of ours')]);
  expect(code).toBe(2);
  expect(err).toMatch(/^relayscope: .*\.x: expected a trace.*\n$/);
});
