import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import { traceToNdjson } from '../../src/trace/file/trace-to-ndjson.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import { records, STORY, STORY_ITEMS, traceBytes } from '../report/support/story.ts';
import { capturedIo } from './captured-io.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'relayscope-why-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function why(args: string[], options: NonNullable<Parameters<typeof capturedIo>[0]> = {}): Promise<Answer> {
  const { io, out, err } = capturedIo(options);
  const code = await runCli(['why', ...args], io);
  return { code, out: out().replaceAll(folder, 'traces'), err: err() };
}

interface Found {
  readonly class: string;
  readonly direction: string;
  readonly connection: number;
  readonly seq: number;
  readonly around: readonly { readonly seq: number }[];
  readonly evidence: { readonly numbers: Readonly<Record<string, number>> };
  readonly seeAlso: readonly string[];
}

async function findings(args: string[]): Promise<readonly Found[]> {
  // As --json writes it.
  return (JSON.parse((await why([...args, '--json'])).out) as { findings: readonly Found[] }).findings;
}

const story = file('story.trace', traceBytes(STORY_ITEMS));
const healthy = join(root, 'traces/golden/fixed.trace');

describe('the screen', () => {
  test('of the story: the verdict, the name of it, the proof among its events, where to look, the stack', async () => {
    const { code, out, err } = await why([story]);
    expect(err).toBe('');
    // Its sentences are the detector's and the class's own: their tests hold them.
    const told = out.replace(/^ {12}A write was [\s\S]*?(?=^connection)/m, ' '.repeat(12) + 'MEANING\n');
    const shown = told.replace(/^look at {5}What pollWrite returns[\s\S]*?(?=^see also)/m, 'look at     WHERE\n');
    expect(shown.slice(0, shown.indexOf('\nnot seen'))).toBe(`traces/story.trace
what        the second version
outcome     spinning: The copy goes round without I/O at pos 69, cap 68

finding     over-report-spin, a -> b, b's writing half
            MEANING
connection  1  127.0.0.1:40012 - t.cn:80
proof
        0   0.021 s  poll 1
        1   0.021 s  a -> b  read   room 2048, got 68
        2   0.021 s  a -> b  write  offered 68, reported 69  (pos 0, cap 68)  < proof
        3   0.021 s  a -> b  #4  pos 69  cap 68  read_done false  need_flush  × 31,402,113 in 1.9 s  <
numbers     offered 68, reported 69, more 1, pos 69, cap 68
look at     WHERE
see also    github.com/tokio-rs/tokio/pull/4125, github.com/tokio-rs/tokio/issues/3819,
            github.com/hyperium/hyper/issues/2107

The stack of worker 3, 301 ms after it began
     CopyBuffer.pollCopy  /src/copy/copy-buffer.ts:71:9
         pos = 69  cap = 68  readDone = false
     … and 2 more frames; all locals: --json

next        relayscope inspect traces/story.trace --around 2
            relayscope list findings over-report-spin`);
    expect(code).toBe(1);
  });

  test('of a healthy trace: one line, and what was looked at', async () => {
    const { code, out } = await why([healthy]);
    expect(out).toMatch(/^healthy {5}nothing is found wrong: 27 events of 1 connection, looked at for \d+ classes$/m);
    expect(out).not.toContain('finding  ');
    expect(code).toBe(0);
  });

  test.each([60, 80, 200])('fits a terminal of %i columns', async (columns) => {
    const { out } = await why([story], { isTTY: true, columns });
    for (const line of stripVTControlCharacters(out).split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    expect(out).toContain('\u{1b}[');
    expect((await why([story], { isTTY: true, columns, env: { NO_COLOR: '1' } })).out).not.toContain('\u{1b}[');
  });

  test('says what the trace cannot show, and with --all class by class', async () => {
    const loops = file('loops.txt', 'a -> b #4 pos=69 cap=68 read_done=false\n'.repeat(3));
    const { out } = await why([loops]);
    expect(out).toMatch(
      /^not seen {4}43 of 44 classes need events that this trace has not; and nobody has said how it/m,
    );
    const all = (await why([loops, '--all'])).out;
    expect(all).toMatch(/^ {12}zero-write: read or write/m);
    expect(all).not.toMatch(/^ {12}over-report-spin:/m);
  });

  test('says that no class explains an outcome, and is not healthy then', async () => {
    const verdict: TraceItem = { kind: 'verdict', verdict: { outcome: 'spinning', message: 'elsewhere', atMs: 9 } };
    const path = file('elsewhere.trace', traceBytes([records(STORY.slice(0, 2)), verdict]));
    const { code, out } = await why([path]);
    expect(out).toMatch(/^no finding {2}nothing is found wrong: 2 events of 1 connection/m);
    expect(out).not.toContain('healthy');
    expect(code).toBe(1);
  });
});

describe('what it takes', () => {
  test('the NDJSON twin and the standard input say the same as the file', async () => {
    const lines: string[] = [];
    for await (const line of traceToNdjson([readFileSync(story)])) lines.push(line);
    const named = ({ out }: Answer): string => out.replaceAll(/traces\/story\.\w+|standard input|FILE/g, 'X');
    const expected = named(await why([story]));
    expect(named(await why([file('story.ndjson', lines.join(''))]))).toBe(expected);
    const bytes = readFileSync(story);
    expect(named(await why(['-'], { stdin: [bytes.subarray(0, 7), bytes.subarray(7)] }))).toBe(expected);
  });

  /** As the story's author had it: the iteration that reads, then the last print, number 4, for ever. */
  test('the printed text of the story', async () => {
    const lines = [
      'a -> b #1 pos=0 cap=0 read_done=false',
      'a -> b #2 pos=0 cap=68 read_done=false',
      ...Array.from({ length: 200 }, () => 'a -> b #4 pos=69 cap=68 read_done=false'),
    ];
    const [found, ...more] = await findings([file('printed.txt', `${lines.join('\n')}\n`)]);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ class: 'over-report-spin', direction: 'a -> b' });
    expect(found?.evidence.numbers).toMatchObject({ offered: 68, reported: 69, more: 1 });
  });

  test('the trace of a Rust program over the real tokio', async () => {
    const [found] = await findings([join(root, 'fixtures/rust-relay/header-counted.ndjson')]);
    expect(found).toMatchObject({ class: 'over-report-spin', direction: 'a -> b', seq: 1 });
    expect((await why([join(root, 'fixtures/rust-relay/right.ndjson')])).code).toBe(0);
  });

  test.each([
    [[], 'No file: expected a trace, or - for standard input [USAGE]'],
    [['a', 'b'], 'Unexpected argument: expected one file, got also "b" [USAGE]'],
    [['x.trace', '--connection', '-3'], 'Wrong value of --connection'],
    [['/nowhere/x.trace'], 'Cannot read /nowhere/x.trace'],
  ])('%j is refused in one line', async (args, message) => {
    const { code, out, err } = await why(args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(message.startsWith('Wrong value') ? '--connection' : `relayscope: ${message}`);
  });
});

describe('the findings', () => {
  const bad = (connection: number): Parameters<typeof records>[0] =>
    STORY.slice(1).map((sketch) => ({ ...sketch, connection }));
  const several = file(
    'several.trace',
    traceBytes([
      records([...bad(1), ...bad(2).slice(0, 2), ...bad(3)]),
      { kind: 'verdict', verdict: { outcome: 'spinning', message: 'three', atMs: 9, connection: 3 } },
    ]),
  );

  test('that are the same on several connections are told once, that of the verdict first', async () => {
    const { out } = await why([several]);
    expect(out.match(/^finding /gm)).toHaveLength(1);
    expect(out).toMatch(/^connection {2}3; the same on 2 other connections: 1, 2$/m);
    expect((await findings([several])).map(({ connection }) => connection)).toEqual([1, 2, 3]);
  });

  test('are those of one connection, if it is named', async () => {
    expect((await findings([several, '--connection', '2'])).map(({ connection }) => connection)).toEqual([2]);
    // A typing error must not read as an all-clear.
    const { code, err } = await why([several, '--connection', '7']);
    expect(code).toBe(2);
    expect(err).toContain('No connection 7: the trace has 3');
  });

  test('link to where the same was seen', async () => {
    expect((await findings([story]))[0]?.seeAlso[0]).toBe('https://github.com/tokio-rs/tokio/pull/4125');
  });

  /** The proof of what only the end shows may have gone by long before: of a file it is read again. */
  test('have their proof, and what is around it, however long ago it was', async () => {
    const others = Array.from({ length: 4000 }, () => ({ kind: 'poll', connection: 2, n: 1 }) as const);
    const items: TraceItem[] = [records(STORY.slice(0, 3))];
    for (let from = 3; from < 60_000; from += others.length) items.push(records(others, from));
    const [found] = await findings([file('long-ago.trace', traceBytes(items))]);
    expect(found).toMatchObject({ class: 'over-report-spin', seq: 2 });
    expect(found?.around.map(({ seq }) => seq)).toEqual([0, 1, 2]);
  });
});

test('nothing of a file acts on the terminal', async () => {
  const evil = '\u{1b}]0;owned\u{7}\u{1b}[2J\r\n\u{9b}31m\u{202e}x'.repeat(10);
  const frames = [{ function: evil, url: evil, line: 1, column: 1, locals: [{ name: evil, value: evil }] }];
  const path = file(
    'evil.trace',
    traceBytes([
      { kind: 'about', about: { writer: evil, title: evil, dialect: evil } },
      { kind: 'connection', note: { connection: 1, a: evil, b: evil, end: evil } },
      { kind: 'string', id: 7, text: evil },
      records([...STORY, { kind: 'fault', n: 7, half: 'write' }]),
      { kind: 'verdict', verdict: { outcome: 'failed', message: evil, atMs: 0 } },
      { kind: 'stack', note: { thread: evil, atMs: 0, frames } },
    ]),
  );
  const { code, out } = await why([path, '--all'], { env: { NO_COLOR: '1' }, isTTY: true, columns: 80 });
  expect(code).toBe(1);
  expect(out).toContain('over-report-spin');
  expect(out.match(/[^\P{C}\n]/u)).toBeNull();
  expect((await why([path, '--json'])).out.match(/[^\P{C}\n]/u)).toBeNull();
});

/** Nobody who has looked at nothing may say that all is well. */
test('a trace without events is refused, with what its reader had to say', async () => {
  const header = '{"relayscope":"trace","version":1}\n';
  expect(await why([file('none.ndjson', header)])).toMatchObject({ code: 2, out: '' });
  const { err } = await why([file('torn.ndjson', `${header}{"kind":"rea`)]);
  expect(err).toMatch(/torn\.ndjson: expected events of a copy, got none \(Line 2/);
});

test('a document and a capture are told what they are for', async () => {
  const { err: document } = await why([join(root, 'fixtures/scenarios/story/off-by-one.md')]);
  expect(document).toContain('a scenario document: relayscope run FILE runs it');
  const { err: capture } = await why([file('hang.pcap', Buffer.from('d4c3b2a1020004000000000000000000', 'hex'))]);
  expect(capture).toContain('a packet capture (pcap): relayscope inspect shows it');
});

/** It may be of a copy that hangs: what only an end could show was not looked for. */
test('of a trace that just stops nobody says that it is healthy', async () => {
  const line = '{"kind":"read","n":"pending","offered":2048}';
  const { code, out } = await why([file('open.ndjson', `{"relayscope":"trace","version":1}\n${line}\n`)]);
  expect(code).toBe(0);
  expect(out).toMatch(/^no finding +nothing is found wrong: 1 event of 1 connection/m);
});

describe('of a connection', () => {
  const ended = (end: object): TraceItem => ({ kind: 'connection', note: { connection: 1, ...end } });
  const closed: TraceItem = { kind: 'end', note: { reason: 'closed', atMs: 9 } };
  const trace = (name: string, items: readonly TraceItem[]): string => file(name, traceBytes(items));
  /** The write of 68 bytes that were read has failed. */
  const left = records([
    { kind: 'read', n: 68, offered: 2048 },
    { kind: 'write', n: 'failed', cap: 68 },
  ]);

  test('that has failed with bytes undelivered nobody says that it is healthy', async () => {
    const path = trace('lost.trace', [ended({ closedMs: 2, end: 'STREAM_FAILED' }), left, closed]);
    const { code, out } = await why([path]);
    expect(out).toMatch(/^no finding +nothing is found wrong: 2 events of 1 connection/m);
    expect(out).toMatch(/^failed +connection 1 \(STREAM_FAILED\), with 68 bytes of a -> b read and not delivered$/m);
    expect(out).not.toContain('healthy');
    expect(code).toBe(0);
    const { failed } = JSON.parse((await why([path, '--json'])).out) as { failed: unknown };
    expect(failed).toEqual([{ connection: 1, code: 'STREAM_FAILED', aToB: 68, bToA: 0 }]);
  });

  test('that has not ended nobody says so either, though the trace has', async () => {
    const read = records([{ kind: 'read', n: 5, offered: 9 }]);
    expect((await why([trace('still.trace', [ended({}), read, closed])])).out).toMatch(/^no finding /m);
    const over = ended({ closedMs: 2, end: 'completed' });
    expect((await why([trace('over.trace', [over, read, closed])])).out).toMatch(/^healthy /m);
  });
});

test('stops when it is told to', async () => {
  const { code, out } = await why([story], { signal: AbortSignal.abort() });
  expect({ code, out }).toEqual({ code: 1, out: '' });
});
