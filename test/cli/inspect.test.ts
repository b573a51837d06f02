import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import { traceToNdjson } from '../../src/trace/file/trace-to-ndjson.ts';
import { TraceGlance } from '../../harness/report/trace-glance.ts';
import { records, STORY, STORY_ITEMS, traceBytes } from '../report/support/story.ts';
import { capturedIo } from './captured-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'relayscope-inspect-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

type Options = NonNullable<Parameters<typeof capturedIo>[0]>;

async function inspect(args: string[], options: Options = {}): Promise<{ code: number; out: string; err: string }> {
  const { io, out, err } = capturedIo(options);
  const code = await runCli(['inspect', ...args], io);
  return { code, out: out(), err: err() };
}

const story = file('story.trace', traceBytes(STORY_ITEMS));

describe('the first screen', () => {
  test('says what was recorded, by whom, how it ended, what led to it, and the loop as one line', async () => {
    const { code, out, err } = await inspect([story]);
    expect(err).toBe('');
    expect(out.replaceAll(folder, 'traces')).toBe(`traces/story.trace
what        the second version
by          relayscope 0.1.0, Node 26.10.0, linux x64, pid 42
began       2026-01-01 00:00:00 UTC
dialect     tokio-1.12.0
events      4 over 1.9 s: 1 poll, 1 read, 1 write, 1 loop
connection  1  127.0.0.1:40012 - t.cn:80  a -> b 69 bytes, b -> a 0 bytes, still open
outcome     spinning: The copy goes round without I/O at pos 69, cap 68
ended       without an end mark: its writer was killed, or still writes
wrong       a -> b: a write was offered 68 bytes and reported 69 (seq 2; 1 more after it)
finding     over-report-spin, a -> b (seq 2)

The last steps before it went round
        0   0.021 s  poll 1
        1   0.021 s  a -> b  read   room 2048, got 68
        2   0.021 s  a -> b  write  offered 68, reported 69  (pos 0, cap 68)  < over-report-spin
The loop: no byte moves
     a -> b  #4  pos 69  cap 68  read_done false  × 31,402,113 in 1.9 s

The stack of worker 3, 301 ms after it began
     CopyBuffer.pollCopy  /src/copy/copy-buffer.ts:71:9
         pos = 69  cap = 68  readDone = false
     … and 2 more frames; all locals: --json

next        relayscope why traces/story.trace
            relayscope inspect traces/story.trace --first-violation
            relayscope diff GOOD traces/story.trace
`);
    expect(code).toBe(0);
  });

  test('is the same of the NDJSON twin, and of the standard input', async () => {
    const lines: string[] = [];
    for await (const line of traceToNdjson([readFileSync(story)])) lines.push(line);
    const twin = file('story.ndjson', lines.join(''));
    const { out } = await inspect([story]);
    const afterName = out.slice(out.indexOf('\n'), out.indexOf('\nended'));
    expect((await inspect([twin])).out).toContain(afterName);
    const bytes = readFileSync(story);
    const piped = await inspect(['-'], { stdin: [bytes.subarray(0, 5), bytes.subarray(5)] });
    expect(piped.out).toContain(`standard input${afterName}`);
  });

  test.each([60, 80, 200])('fits a terminal of %i columns', async (columns) => {
    const { out } = await inspect([story], { isTTY: true, columns });
    for (const line of stripVTControlCharacters(out).split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    expect(stripVTControlCharacters(out)).toContain('× 31,402,113');
  });

  test('has colours only on a terminal, and none where NO_COLOR is set', async () => {
    const colours = '\u{1b}[';
    expect((await inspect([story], { isTTY: true, columns: 80 })).out).toContain(colours);
    expect((await inspect([story], { isTTY: true, columns: 80, env: { NO_COLOR: '1' } })).out).not.toContain(colours);
    expect((await inspect([story])).out).not.toContain(colours);
  });

  test('lets nothing of a file act on the terminal', async () => {
    const evil = '\u{1b}]0;owned\u{7}\u{1b}[2J\r\n\u{9b}31m\u{202e}x'.repeat(10);
    const path = file(
      'evil.trace',
      traceBytes([
        { kind: 'about', about: { writer: evil, title: evil, dialect: evil, startedAt: evil, runtime: evil } },
        { kind: 'connection', note: { connection: 1, a: evil, b: evil, end: evil } },
        records([{ kind: 'write', n: { type: 'string', value: '\u{1b}[2J' }, offered: 1 }]),
        { kind: 'verdict', verdict: { outcome: 'failed', message: evil, atMs: 0 } },
        {
          kind: 'stack',
          note: {
            thread: evil,
            atMs: 0,
            frames: [{ function: evil, url: evil, line: 1, column: 1, locals: [{ name: evil, value: evil }] }],
          },
        },
        {
          kind: 'sockets',
          note: {
            atMs: 0,
            sockets: [
              { local: evil, remote: evil, bytesRead: 0, bytesWritten: 0, readable: 0, writable: 0, state: evil },
            ],
          },
        },
        { kind: 'end', note: { reason: 'error', atMs: 0, message: evil } },
      ]),
    );
    for (const args of [[path], [path, '--limit', 'all'], [path, '--sql', 'SELECT * FROM connections, verdicts']]) {
      const { out, code } = await inspect(args, { env: { NO_COLOR: '1' }, isTTY: true, columns: 80 });
      expect(code).toBe(0);
      expect(out.match(/[^\P{C}\n]/u)).toBeNull();
    }
    expect((await inspect([path, '--json'])).out.match(/[^\P{C}\n]/u)).toBeNull();
  });

  test('tells of gaps, and of what could not be read', async () => {
    const bytes = traceBytes([
      records([{ kind: 'poll', n: 1 }]),
      records([{ kind: 'poll', n: 9 }], 1000),
      { kind: 'end', note: { reason: 'closed', atMs: 1500 } },
    ]);
    const gap = await inspect([file('gap.trace', bytes)]);
    expect(gap.out).toContain('gaps        1, in which 999 records are missing');
    expect(gap.out).toContain('ended       closed after 1.5 s');
    expect(gap.out).toContain('        1  … 999 records are missing …');
    const cut = await inspect([file('cut.trace', bytes.subarray(0, bytes.length - 3))]);
    expect(cut).toMatchObject({ code: 0, out: expect.stringContaining('warning ') as string });
  });

  test('a trace of no events says so', async () => {
    const { code, out } = await inspect([file('none.trace', traceBytes([]))]);
    expect(code).toBe(0);
    expect(out).toContain('No events.');
  });
});

describe('what why would find', () => {
  test('is marked in a list of events, and stands in the JSON', async () => {
    expect((await inspect([story, '--limit', '4'])).out).toMatch(
      /^ +2 .* reported 69 {2}\(pos 0, cap 68\) {2}< over-report-spin$/m,
    );
    expect(JSON.parse((await inspect([story, '--json'])).out)).toMatchObject({
      findings: [{ class: 'over-report-spin', direction: 'a -> b', seq: 2, connection: 1 }],
    });
  });

  /** A million records are diagnosed as they come; of the rest the latest are, as from a ring that has wrapped. */
  test('is found at the end of a long trace, too', async () => {
    const glance = new TraceGlance();
    const { words } = records(Array.from({ length: 4000 }, () => ({ kind: 'poll', connection: 2, n: 1 }) as const));
    for (let from = 0; from < 1_100_000; from += 4000) glance.add({ kind: 'records', firstSeq: from, words });
    glance.add(records(STORY, 1_100_000));
    expect(glance.finish().map(({ class: name, seq }) => [name, seq])).toEqual([['over-report-spin', 1_100_002]]);
  });
});

describe('printed text', () => {
  const printed = file(
    'printed.txt',
    `listening\n[client->server] #1 pos: 0, cap: 0, readDone: false\n${'[client->server] #4 pos: 69, cap: 68, readDone: false\r\n'.repeat(20_000)}`,
  );

  test('is imported, and its loop is one line', async () => {
    const { code, out } = await inspect([printed]);
    expect(code).toBe(0);
    expect(out).toContain('text        20,002 lines read, 20,001 recognised');
    expect(out).toContain('connection  1  client - server');
    expect(out).toContain('a -> b  #4  pos 69  cap 68  read_done false  × 20,000\n');
  });

  test('of several lines a round: the round, and how often', async () => {
    const round = [1, 2, 3, 4].map((mark) => `a -> b #${mark} pos=69 cap=68 read_done=false\n`).join('');
    const { out } = await inspect([file('rounds.txt', `a -> b #3 pos=0 cap=0\n${round.repeat(5000)}`)]);
    expect(out).toContain(`The loop, 4 events a round, × 5,000: no byte moves
        1  a -> b  #1  pos 69  cap 68  read_done false  < over-report-spin
        2  a -> b  #2  pos 69  cap 68  read_done false
        3  a -> b  #3  pos 69  cap 68  read_done false
        4  a -> b  #4  pos 69  cap 68  read_done false
`);
  });
});

describe('a list of events', () => {
  const seqs = (out: string): number[] => [...out.matchAll(/^ +(\d+) /gm)].map(([, seq]) => Number(seq));
  const many = file(
    'many.trace',
    traceBytes([
      records(
        Array.from({ length: 100 }, (_, i) => ({
          kind: i % 2 === 0 ? 'read' : 'loop',
          connection: 1 + (i % 4 >= 2 ? 1 : 0),
          direction: i % 10 < 5 ? 'a -> b' : 'b -> a',
          pos: i,
          cap: i === 40 || i === 41 ? i - 1 : 200,
          n: i % 2 === 0 ? 1 : undefined,
          offered: i % 2 === 0 ? 5 : undefined,
        })) as Parameters<typeof records>[0],
      ),
    ]),
  );

  test.each([
    [
      ['--limit', '3'],
      [97, 98, 99],
    ],
    [
      ['--direction', 'b -> a', '--limit', '6'],
      [89, 95, 96, 97, 98, 99],
    ],
    [
      ['--direction', 'ab', '--connection', '2', '--limit', '3'],
      [90, 91, 94],
    ],
    [
      ['--kind', 'loop', '--limit', '2'],
      [97, 99],
    ],
    [['--kind', 'read,loop', '--connection', '1,2', '--limit', '1'], [99]],
    [
      ['--around', '50', '--limit', '5'],
      [48, 49, 50, 51, 52],
    ],
    [
      ['--around', '0', '--limit', '2'],
      [0, 1],
    ],
    [
      ['--around', '99', '--limit', '3'],
      [98, 99],
    ],
    [
      ['--around', '50', '--kind', 'loop', '--limit', '3'],
      [49, 51, 53],
    ],
  ])('%j', async (args, expected) => {
    const { code, out } = await inspect([many, ...args]);
    expect(code).toBe(0);
    expect(seqs(out)).toEqual(expected);
  });

  test('says how many were left out, and shows all when told to', async () => {
    expect((await inspect([many, '--limit', '3'])).out).toContain('97 of 100 events left out');
    const { out } = await inspect([many, '--limit', 'all']);
    expect(seqs(out)).toHaveLength(100);
    expect(out).not.toContain('left out');
    expect((await inspect([many, '--kind', 'verdict'])).out).toBe('No event passes.\n');
  });

  test('an event is shown with the values that 32 bits do not hold, and picked with them', async () => {
    const odd = { kind: 'write', n: { type: 'string', value: 'sixty-eight' }, offered: 68 } as const;
    const path = file('odd.trace', traceBytes([records([odd, { kind: 'loop' }, odd, { kind: 'wake' }, odd])]));
    for (const args of [
      ['--limit', '1'],
      ['--limit', 'all'],
      ['--kind', 'write', '--limit', '1'],
    ]) {
      expect((await inspect([path, ...args])).out).toContain('offered 68, reported "sixty-eight"');
    }
    const { out } = await inspect([path, '--kind', 'loop,wake', '--json']);
    expect((JSON.parse(out) as { events: unknown[] }).events).toMatchObject([{ kind: 'loop' }, { kind: 'wake' }]);
  });

  test('those around one are as many as were asked for, however many records each takes', async () => {
    const far = { type: 'number', value: 2 ** 40 } as const;
    const odd = { kind: 'write', n: far, offered: far, pos: far, cap: far } as const;
    const path = file('wide.trace', traceBytes([records(Array.from({ length: 5000 }, () => odd))]));
    const { out } = await inspect([path, '--around', '5000', '--limit', '9']);
    expect(seqs(out)).toEqual([4980, 4985, 4990, 4995, 5000, 5005, 5010, 5015, 5020]);
  });

  test('of many, cut into pieces as they were read, none is lost', async () => {
    const odd = { kind: 'read', n: { type: 'undefined', value: '' }, offered: 1 } as const;
    // One more in front, so that pieces of an even number of records end between an event and its extension.
    const sketches = [{ kind: 'wake' } as const, ...Array.from({ length: 9001 }, () => odd)];
    const path = file('pieces.trace', traceBytes([records(sketches)]));
    const { out } = await inspect([path, '--limit', 'all']);
    expect(out.match(/got undefined/g)).toHaveLength(9001);
  });

  test('a gap always passes, a poll is of no direction', async () => {
    const path = file(
      'filtered.trace',
      traceBytes([records([{ kind: 'poll', n: 1 }, { kind: 'loop' }]), records([{ kind: 'poll', n: 5 }], 50)]),
    );
    const { out } = await inspect([path, '--direction', 'b -> a', '--json']);
    const { events } = JSON.parse(out) as { events: unknown };
    expect(events).toEqual([{ seq: 2, kind: 'gap', connection: 0, tickMs: 0, n: 48 }]);
    expect((await inspect([path, '--direction', 'a -> b'])).out).not.toContain('poll');
  });

  test('--first-violation shows the event that broke a rule, and fails', async () => {
    const { code, out } = await inspect([many, '--first-violation', '--limit', '3']);
    expect(code).toBe(1);
    expect(out).toMatch(/^a -> b: pos 41 has passed cap 40\n/);
    expect(seqs(out)).toEqual([40, 41, 42]);
    const good = file('good.trace', traceBytes([records([{ kind: 'loop', pos: 1, cap: 1 }])]));
    expect(await inspect([good, '--first-violation'])).toEqual({ code: 0, out: 'No event breaks a rule.\n', err: '' });
  });

  test('--first-violation is that of the events that were asked for', async () => {
    const [bad, other] = [
      { kind: 'loop', pos: 3, cap: 2 },
      { kind: 'write', n: 5, offered: 4, direction: 'b -> a', connection: 2 },
    ] as const;
    const path = file('two.trace', traceBytes([records([bad, other, { ...other, connection: 1 }])]));
    const first = async (...args: string[]): Promise<string | undefined> => {
      const { out } = await inspect([path, '--first-violation', ...args]);
      return /^ +(\d+) .*<(?: [a-z-]+)?$/m.exec(out)?.[1];
    };
    expect(await first()).toBe('0');
    expect(await first('--connection', '2')).toBe('1');
    expect(await first('--connection', '1', '--direction', 'ba')).toBe('2');
    expect(await inspect([path, '--first-violation', '--kind', 'read'])).toMatchObject({ code: 0 });
  });

  test.each([['--around', '50'], ['--first-violation']])(
    'as JSON, %s is what was asked for, however much comes after it',
    async (...args) => {
      const lines = Array.from({ length: 100_000 }, (_, i) => `a -> b pos=${i % 977} cap=${i === 50 ? 0 : 1000}`);
      const { out } = await inspect([file('far.txt', lines.join('\n')), '--json', '--limit', '3', ...args]);
      expect(JSON.parse(out)).toMatchObject({ events: [{ seq: 49 }, { seq: 50 }, { seq: 51 }], leftOut: 99_997 });
    },
  );

  test('ends as soon as nobody reads any more', async () => {
    const stop = new AbortController();
    const { io, out } = capturedIo({ signal: stop.signal });
    const long = file('long.txt', 'a -> b pos=1 cap=2\nb -> a pos=0 cap=0\n'.repeat(100_000));
    const write = io.stdout.write.bind(io.stdout);
    io.stdout.write = (text) => {
      write(text);
      stop.abort();
    };
    await runCli(['inspect', long, '--limit', 'all'], io);
    expect(out().split('\n').length).toBeLessThan(1000);
  });

  test('--json has everything, bounded', async () => {
    const { out } = await inspect([story, '--json', '--limit', '2']);
    expect(JSON.parse(out)).toMatchObject({
      schema: 1,
      format: 'trace',
      about: { writer: 'relayscope 0.1.0', pid: 42 },
      counts: { events: 4, kinds: { poll: 1, read: 1, write: 1, loop: 1 }, violations: 2, gaps: 0 },
      connections: [{ connection: 1, a: '127.0.0.1:40012', directions: { 'a -> b': { iterations: 31_402_113 } } }],
      verdicts: { count: 1, list: [{ outcome: 'spinning' }] },
      firstViolation: { rule: 'write-over-offered', event: { seq: 2, n: 69, offered: 68 } },
      loop: { rounds: 31_402_113, ms: 1900, bytesPerRound: 0, events: [{ kind: 'loop', pos: 69, cap: 68 }] },
      events: [{ seq: 2 }, { seq: 3 }],
      leftOut: 2,
    });
  });
});

describe('--sql', () => {
  test('answers with a table', async () => {
    const { code, out, err } = await inspect([
      story,
      '--sql',
      'SELECT kind, direction, sum(times) AS times, max(n) AS n FROM events GROUP BY kind, direction ORDER BY seq',
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(`kind   direction     times   n
poll                     1   1
read   a -> b            1  68
write  a -> b            1  69
loop   a -> b     31402113
`);
  });

  test('answers with JSON, and a field that an event does not have is null', async () => {
    const { out } = await inspect([story, '--json', '--sql', 'SELECT seq, pos, result, half FROM events LIMIT 2']);
    expect(JSON.parse(out)).toEqual({
      schema: 1,
      columns: ['seq', 'pos', 'result', 'half'],
      rows: [
        [0, null, 'ok', null],
        [1, 0, 'ok', null],
      ],
      cut: false,
    });
  });

  test('has the connections and the verdicts, and loads only what passes', async () => {
    const { out } = await inspect([
      story,
      '--kind',
      'loop',
      '--json',
      '--sql',
      'SELECT (SELECT count(*) FROM events), a, outcome FROM connections, verdicts',
    ]);
    expect(JSON.parse(out)).toMatchObject({ rows: [[1, '127.0.0.1:40012', 'spinning']] });
  });

  test('counts what comes after a gap once: its poll may be in the gap', async () => {
    const repeated = { kind: 'poll', n: 1, repeat: 9, lastTickMs: 0 } as const;
    const write = { kind: 'write', n: 1, offered: 1 } as const;
    const path = file('after-gap.trace', traceBytes([records([repeated, write]), records([write], 50)]));
    const { out } = await inspect([path, '--json', '--sql', "SELECT times FROM events WHERE kind = 'write'"]);
    expect(JSON.parse(out)).toMatchObject({ rows: [[10], [1]] });
  });

  test('keeps columns of one name apart, and large numbers exact', async () => {
    const { out } = await inspect([story, '--json', '--sql', 'SELECT 1 AS x, 2 AS x, 9223372036854775807 AS y']);
    expect(JSON.parse(out)).toMatchObject({ columns: ['x', 'x', 'y'], rows: [[1, 2, '9223372036854775807']] });
  });

  test.each([40, 80])('fits a terminal of %i columns', async (columns) => {
    const { out } = await inspect(
      [story, '--sql', 'SELECT seq, kind, direction, pos, cap, state, result FROM events'],
      {
        isTTY: true,
        columns,
      },
    );
    for (const line of stripVTControlCharacters(out).split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    expect(out).toContain('loop');
    // Each column is narrowed; the last ones are not cut off.
    expect(stripVTControlCharacters(out).split('\n')[0]).toMatch(/ re\S*$/);
  });

  test('--limit bounds the rows, and it is said', async () => {
    const { out } = await inspect([story, '--limit', '2', '--sql', 'SELECT seq FROM events']);
    expect(out).toBe('seq\n  0\n  1\nOnly the first 2 rows: --limit N, or LIMIT and OFFSET\n');
  });

  test.each([
    ['ATTACH', "ATTACH '/tmp/x.db' AS y", 'expected SELECT or WITH'],
    ['PRAGMA', 'PRAGMA query_only = OFF', 'expected SELECT or WITH'],
    ['VACUUM', "VACUUM INTO '/tmp/x.db'", 'expected SELECT or WITH'],
    ['two statements', "SELECT ';'; DROP TABLE events", 'expected one statement, got several'],
    ['a comment before', '/* SELECT */ DELETE FROM events', 'expected SELECT or WITH'],
    ['a change behind WITH', 'WITH x AS (SELECT 1) DELETE FROM events', 'readonly'],
    ['an extension', "SELECT load_extension('x')", 'Wrong --sql'],
    ['no table', 'SELECT * FROM nope', 'no such table: nope'],
    ['no SQL', 'hello', 'expected SELECT or WITH'],
    ['nothing', '', 'expected SELECT or WITH'],
  ])('refuses %s', async (_, sql, message) => {
    const { code, out, err } = await inspect([story, '--sql', sql]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  test.each(["SELECT ';' -- ; DROP\n;", '(SELECT 1)', 'VALUES (1)', '-- why\nSELECT 1 /* ; */ ;;'])(
    'takes %j',
    async (sql) => {
      expect(await inspect([story, `--sql=${sql}`])).toMatchObject({ code: sql.startsWith('(') ? 2 : 0 });
    },
  );
});

describe('wrong input is one line and exit code 2', () => {
  test.each([
    ['no file', [], 'No file'],
    ['two files', ['a', 'b'], 'expected one file, got also "b"'],
    ['a direction that is none', [story, '--direction', 'up'], 'Wrong --direction'],
    ['a kind that is none', [story, '--kind', 'extension'], 'Wrong --kind'],
    ['a connection that is none', [story, '--connection', 'x'], '--connection: expected a whole number'],
    ['a limit of nothing', [story, '--limit', '0'], '--limit: expected a whole number from 1'],
    ['a number that is none', [story, '--around', '1.5'], '--around: expected a whole number'],
    ['two places', [story, '--around', '1', '--first-violation'], 'not both'],
    ['all as JSON', [story, '--json', '--limit', 'all'], '--limit all is for a plain list'],
    ['SQL around', [story, '--sql', 'SELECT 1', '--around', '1'], 'With --sql give'],
    ['a place after the end', [story, '--around', '4'], 'expected a number from 0 to 3'],
  ])('%s', async (_, args, message) => {
    const { code, err } = await inspect(args);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).toMatch(/\[USAGE\]\nTry: relayscope inspect --help\n$/);
  });

  test.each([
    ['an empty file', '', 'got an empty file'],
    [
      'other text',
      'hello\nworld\n',
      ', or a capture (pcap, pcapng, the output of tcpdump -X), got 2 lines of other text',
    ],
    ['a capture', Uint8Array.of(0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0), 'expected 24 bytes of pcap header, got 8'],
    ['a newer capture', Uint8Array.of(0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 28), 'ends after 8 bytes'],
    ['a packed file', Uint8Array.of(0x1f, 0x8b, 8, 0), 'gzip'],
    ['a beginning of a trace', Uint8Array.of(0x89, 0x52, 0x53), 'expected'],
    ['JSON that is no trace', '{"hello":1}\n', 'expected'],
    ['bytes', Uint8Array.from({ length: 1000 }, (_, i) => i & 0xff), 'lines of other text'],
  ])('%s', async (name, content, message) => {
    const { code, out, err } = await inspect([file(`${name}.x`, content)]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).toContain(`${folder}/${name}.x`);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a file that is not there, a folder, an empty standard input', async () => {
    const nothing = join(folder, 'nothing.pcap');
    expect(await inspect([nothing])).toEqual({
      code: 2,
      out: '',
      err: `relayscope: Cannot read ${nothing}: ENOENT: no such file or directory, open '${nothing}' [TRACE_UNREADABLE]\n`,
    });
    expect(await inspect([folder])).toMatchObject({ code: 2, err: expect.stringContaining('EISDIR') as string });
    expect(await inspect(['-'], { stdin: [] })).toMatchObject({
      code: 2,
      err: expect.stringContaining('standard input: expected a trace') as string,
    });
  });
});
