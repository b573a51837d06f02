import { describe, expect, test } from 'vitest';
import { importText } from '../../harness/import/import-text.ts';
import { decodeRecords } from '../../src/trace/decode-records.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';

async function* parts(texts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(typeof text === 'string' ? Buffer.from(text) : text);
}

async function imported(
  ...texts: (string | Uint8Array)[]
): Promise<{ events: TraceEvent[]; lines: number; recognised: number; names: unknown }> {
  const counts = { lines: 0, recognised: 0 };
  const events: TraceEvent[] = [];
  let names: unknown = null;
  for await (const item of importText(parts(texts), counts)) {
    if (item.kind === 'records') events.push(...decodeRecords(item.words, item.firstSeq));
    if (item.kind === 'connection') names = item.note;
  }
  return { events, ...counts, names };
}

async function brief(text: string): Promise<unknown[] | null> {
  const { events } = await imported(text);
  const [event] = events;
  if (event === undefined) return null;
  const { kind, direction, pos, cap, read_done, n, offered } = event;
  return [kind, direction, pos, cap, read_done, n, offered].filter((value) => value !== undefined);
}

describe('an iteration, in any order and spelling', () => {
  test.each([
    'a -> b pos=69 cap=68 read_done=false',
    '[a->b] cap: 68, pos: 69, read_done: false',
    'a→b pos 69 cap 68 readDone false',
    'a => b read-done=false POS=69 CAP=68',
    'a_to_b: cap=68 pos=69 read_done=0',
    'aToB, pos:69, cap:68, eof: no',
    'client -> server CopyBuffer { read_done: false, pos: 69, cap: 68, amt: 69, buf: [1, 2, 3] }',
    'inbound to outbound | "pos": "69", "cap": "68", "read done": "false"',
    'a -> b (pos, cap, read_done) = (69, 68, false)',
    '  a -> b \t pos 69 \t cap 68 \t read_done false\r',
    '2021-08-30T12:00:00.123Z DEBUG tokio::io::util > a -> b pos=69 cap=68 read_done=false',
    '[12:00:00.123] a -> b pos=69 cap=68 read_done=false some more text of 12 words',
    '\u001b[2m10:00:00\u001b[0m \u001b[32mDEBUG\u001b[0m a \u001b[1m->\u001b[0m b pos=\u001b[3m69\u001b[0m cap=68 read_done=false',
  ])('%j', async (line) => {
    expect(await brief(line)).toEqual(['loop', 'a -> b', 69, 68, false]);
  });

  test.each([
    ['b -> a #2 pos=0 cap=0 read_done=true', ['loop', 'b -> a', 0, 0, true, 2]],
    ['server->client pos=0 cap=5', ['loop', 'b -> a', 0, 5, false]],
    ['a -> b #4 pos=1_000 cap=2,000', ['loop', 'a -> b', 1000, 2000, false, 4]],
  ])('%j', async (line, expected) => {
    expect(await brief(line)).toEqual(expected);
  });
});

describe('a call, where one is printed', () => {
  test.each([
    ['a -> b  write  offered 68, reported 69', ['write', 'a -> b', 0, 0, false, 69, 68]],
    ['a -> b poll_write(len=68) = Ready(Ok(69))', ['write', 'a -> b', 0, 0, false, 69, 68]],
    ['a -> b poll_read -> Ready(Ok(302))', ['read', 'a -> b', 0, 0, false, 302, 302]],
    ['b -> a poll_read: Pending', ['read', 'b -> a', 0, 0, false, 'pending', 0]],
    ['a -> b pos=0 cap=68 poll_write n=69', ['write', 'a -> b', 0, 68, false, 69, 68]],
    ['a -> b poll_flush done', ['flush', 'a -> b', 0, 0, false, 0]],
    ['a -> b poll_shutdown Ready(Err(BrokenPipe))', ['shutdown', 'a -> b', 0, 0, false, 'failed']],
  ])('%j', async (line, expected) => {
    expect(await brief(line)).toEqual(expected);
  });
});

test.each([
  'listening on 127.0.0.1:8081',
  'hello -> world',
  'pos=69 cap=68 read_done=false',
  'a -> b',
  'a -> a pos=1 cap=2',
  'a -> b position unknown, cap unknown',
  '',
])('%j is no line of a trace', async (line) => {
  expect(await brief(line)).toBeNull();
});

test('what was counted by whoever printed it stays counted', async () => {
  const { events } = await imported('a -> b  #4  pos 69  cap 68  read_done false  × 20,157,093\n');
  expect(events).toMatchObject([{ kind: 'loop', repeat: 20_157_092 }]);
});

test('lines are counted, and those that were understood', async () => {
  expect(await imported('start\na -> b pos=1 cap=2\nnoise\nb -> a pos=0 cap=0')).toMatchObject({
    lines: 4,
    recognised: 2,
  });
});

test('the first pair of names is a and b, unless the names say who is who', async () => {
  const { events, names } = await imported('foo->bar pos=1 cap=2\nbar->foo pos=0 cap=0\n');
  expect(events.map(({ direction }) => direction)).toEqual(['a -> b', 'b -> a']);
  expect(names).toEqual({ connection: 1, a: 'foo', b: 'bar' });
  const swapped = await imported('server->client pos=1 cap=2\nclient->server pos=0 cap=0\n');
  expect(swapped.events.map(({ direction }) => direction)).toEqual(['b -> a', 'a -> b']);
  expect(swapped.names).toEqual({ connection: 1, a: 'client', b: 'server' });
});

test('what a line leaves out is as it was', async () => {
  const { events } = await imported('a -> b pos=0 cap=68 read_done=true\na -> b poll_write n=69\n');
  expect(events[1]).toMatchObject({ kind: 'write', pos: 0, cap: 68, read_done: true, n: 69, offered: 68 });
});

test('times become those of the trace', async () => {
  const { events } = await imported(
    '2021-08-30 23:59:59.500 a -> b pos=1 cap=2\n2021-08-31 00:00:00.750 a -> b pos=1 cap=2\n',
  );
  expect(events.map(({ tickMs }) => tickMs)).toEqual([0, 1250]);
  const { events: plain } = await imported('[   12.000250] a -> b pos=1 cap=2\n[   14.000250] a -> b pos=1 cap=2\n');
  expect(plain.map(({ tickMs }) => tickMs)).toEqual([0, 2000]);
});

test('bytes may be cut anywhere, in UTF-8 and in UTF-16', async () => {
  const line = 'a → b pos=69 cap=68 read_done=false\r\n';
  const utf8 = [...Buffer.from(line)].map((byte) => Uint8Array.of(byte));
  expect((await imported(...utf8)).events).toMatchObject([{ pos: 69, cap: 68 }]);
  const utf16 = Buffer.concat([Uint8Array.of(0xff, 0xfe), Buffer.from(line, 'utf16le')]);
  const cut = [utf16.subarray(0, 3), utf16.subarray(3, 10), utf16.subarray(10)];
  expect((await imported(...cut)).events).toMatchObject([{ pos: 69, cap: 68 }]);
});

test('a line without end is cut, and takes no memory', async () => {
  const endless = Array.from({ length: 50 }, () => 'x'.repeat(100_000));
  expect(await imported('a -> b pos=1 cap=2 ', ...endless, '\na -> b pos=3 cap=4')).toMatchObject({
    lines: 2,
    recognised: 2,
    events: [
      { pos: 1, cap: 2 },
      { pos: 3, cap: 4 },
    ],
  });
});
