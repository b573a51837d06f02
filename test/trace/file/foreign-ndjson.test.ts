import { expect, test } from 'vitest';
import { decodeRecords } from '../../../src/trace/decode-records.ts';
import { readNdjson } from '../../../src/trace/file/open-trace.ts';
import { traceToNdjson, ndjsonToTrace } from '../../../src/trace/file/trace-to-ndjson.ts';
import type { TraceEvent } from '../../../src/trace/trace-event.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import { collect } from './sample.ts';

/** What programs in other languages may write, and what they get wrong. */
const FIRST = '{"relayscope":"trace","version":1}';

function read(...lines: readonly string[]): Promise<TraceItem[]> {
  return collect(readNdjson([Buffer.from([FIRST, ...lines, ''].join('\n'))]));
}

function events(items: readonly TraceItem[]): TraceEvent[] {
  return items.flatMap((item) => (item.kind === 'records' ? decodeRecords(item.words, item.firstSeq) : []));
}

test('numbers past 32 bits may stand as they are, and come back as plain as they were', async () => {
  const [state, poll] = events(
    await read(
      '{"kind":"state","n":5000000000,"pos":0.5,"cap":-2147483649}',
      '{"kind":"poll","timeMs":9000000000.001,"tickMs":3000000000,"n":5000000000}',
    ),
  );
  expect(state).toMatchObject({
    n: { type: 'number', value: 5_000_000_000 },
    pos: { type: 'number', value: 0.5 },
    cap: { type: 'number', value: -2_147_483_649 },
  });
  expect(poll).toMatchObject({ seq: 4, n: 5_000_000_000, timeMs: 9_000_000_000.001, tickMs: 3_000_000_000 });
});

test('there and back they need no raw bytes', async () => {
  const lines = `${FIRST}\n{"kind":"poll","timeMs":9000000000.001,"n":5000000000}\n{"kind":"write","n":{"type":"number","value":"NaN"}}\n`;
  let text = '';
  for await (const line of traceToNdjson(ndjsonToTrace([Buffer.from(lines)]))) text += line;
  expect(text).not.toContain('raw');
  expect(text).toContain('"value":"NaN"');
});

test('seq may jump, and a gap may say so', async () => {
  const items = await read('{"kind":"loop","seq":7}', '{"kind":"gap","seq":8,"n":92}', '{"kind":"loop"}');
  expect(events(items).map(({ seq }) => seq)).toEqual([7, 100]);
});

test('a lower seq takes back what was there', async () => {
  const items = await read('{"kind":"read"}', '{"kind":"loop"}', '{"kind":"loop","seq":1,"repeat":9}');
  expect(events(items).map(({ kind, repeat }) => [kind, repeat])).toEqual([
    ['read', undefined],
    ['loop', 9],
  ]);
});

test('lines may end in CR LF, and be empty', async () => {
  expect(events(await read('{"kind":"read"}\r', '\r', '', '{"kind":"loop"}\r')).length).toBe(2);
});

test.each([
  ['{"kind":"reed"}', 'expected "kind" to be one of poll, read, write'],
  ['{"kind":"extension"}', 'expected "kind" to be one of poll, read, write'],
  ['{"kind":"read","connection":"one"}', 'expected "connection" to be an integer of 32 bits, got "one"'],
  ['{"kind":"read","direction":"a->b"}', 'expected "direction" to be "a -> b" or "b -> a", got "a->b"'],
  ['{"kind":"wake","half":"both"}', 'expected "half" to be "read" or "write", got "both"'],
  ['{"kind":"read","state":"ended"}', 'expected "state" to be one of running, shutting-down, done, got "ended"'],
  ['{"kind":"read","pos":"0"}', 'expected "pos" to be a number, or {"type","value"}, got "0"'],
  ['{"kind":"read","n":[1]}', 'expected "n" to be a number, or {"type","value"}, got a list'],
  ['{"kind":"loop","repeat":2147483648}', 'expected "repeat" to be an integer of 0 … 2147483647, got 2147483648'],
  ['{"kind":"poll","timeMs":"12:00"}', 'expected "timeMs" to be milliseconds, got "12:00"'],
  ['{"kind":"read","tickMs":-0.5}', 'expected "tickMs" to be milliseconds, got -0.5'],
  ['{"kind":"read","seq":-1}', 'expected "seq" to be the number of a record'],
  ['{"kind":"read","raw":"AAAA"}', 'expected "raw" to be base64 of records of 32 bytes'],
  ['{"chunk":"events","firstSeq":"x"}', 'expected "firstSeq" to be the number of a record'],
  ['{"chunk":"verdikt"}', 'expected "chunk" to be a name or a number of 1 … 65535'],
  ['{"chunk":70000,"raw":""}', 'expected "chunk" to be a name or a number of 1 … 65535'],
  ['{"chunk":77}', 'expected "raw"'],
  ['{"chunk":77,"raw":"not base64"}', 'expected "raw" to be base64'],
  [
    '{"chunk":"payload","connection":1,"direction":"a -> b","offset":-1,"bytes":""}',
    'expected "offset" to be a number',
  ],
  ['{"chunk":"strings","strings":[{"id":1}]}', 'expected "strings" to be a list of {"id","text"}'],
  ['{"chunk":"verdict","outcome":"hung"}', 'At line 3, offset 51: malformed note in a chunk of type 7, left out'],
  ['[1]', 'expected a JSON object'],
  ['kind: read', 'expected a JSON object'],
  [`{"kind":"${'x'.repeat(1 << 21)}"}`, 'longer than 2097152 bytes'],
])('a wrong line is left out, with its number and offset: %#', async (line, message) => {
  const items = await read('{"kind":"read"}', line, '{"kind":"loop"}');
  expect(events(items).map(({ kind }) => kind)).toEqual(['read', 'loop']);
  const warnings = items.filter((item) => item.kind === 'warning');
  expect(warnings).toMatchObject([{ offset: FIRST.length + 1 + 16 }]);
  expect(warnings[0]?.message).toContain(message);
});

test('records of one line that no chunk can hold are left out, and the rest is a trace', async () => {
  const raw = (count: number): string => `{"kind":"read","raw":"${Buffer.alloc(32 * count, 2).toString('base64')}"}\n`;
  const warnings: string[] = [];
  const warn = (message: string): unknown => warnings.push(message);
  const pieces: Uint8Array[] = [];
  for await (const piece of ndjsonToTrace([Buffer.from(`${FIRST}\n${raw(32_768)}${raw(32_767)}`)], warn))
    pieces.push(piece);
  expect(warnings).toEqual(['Line 2 at offset 35: expected "raw" to have at most 32767 records, got 32768']);
  expect(Buffer.concat(pieces).length).toBe(32 + 16 + 8 + 32_767 * 32);
});

test.each([
  ['{"relayscope":"trace","version":2}', 'TRACE_UNSUPPORTED'],
  ['{"relayscope":"trace"}', 'TRACE_MALFORMED'],
  ['{"relayscope":"trace","version":1,"startedAtMs":"now"}', 'TRACE_MALFORMED'],
  ['{"relayscope":"trace","version":1,"raw":"AAAA"}', 'TRACE_MALFORMED'],
  ['{"relayscope":"run","version":1}', 'TRACE_MALFORMED'],
  ['{"kind":"read"}', 'TRACE_MALFORMED'],
  [' '.repeat(1 << 22), 'TRACE_MALFORMED'],
])('a first line that is none is an error: %#', async (line, code) => {
  await expect(collect(readNdjson([Buffer.from(`${line}\n`)]))).rejects.toMatchObject({ code, place: { offset: 0 } });
});
