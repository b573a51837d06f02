import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EVENT_KINDS } from '../../../src/trace/event-kind.ts';
import { VERDICT_OUTCOMES } from '../../../src/trace/trace-note.ts';
import { decodeRecords } from '../../../src/trace/decode-records.ts';
import { readNdjson } from '../../../src/trace/file/open-trace.ts';
import { ndjsonToTrace, traceToNdjson } from '../../../src/trace/file/trace-to-ndjson.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import { collect, readBytes, traceOf } from './sample.ts';

/** The documents' own examples: whoever writes a trace in another language goes by them. */
const readme = readFileSync(join(import.meta.dirname, '../../../traces/README.md'), 'utf8');

function block(language: string): string {
  return new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1] ?? '';
}

/** `offset  bytes  meaning`: the offsets are checked as well. */
function bytesOf(dump: string): Buffer {
  const bytes: number[] = [];
  for (const line of dump.split('\n').filter((one) => one !== '')) {
    const [, offset = '', hex = ''] = /^([0-9a-f]{4}) {2}((?:[0-9a-f]{2} )+)/.exec(line) ?? [];
    expect(parseInt(offset, 16)).toBe(bytes.length);
    bytes.push(
      ...hex
        .trim()
        .split(' ')
        .map((byte) => parseInt(byte, 16)),
    );
  }
  return Buffer.from(bytes);
}

const EXAMPLE: readonly TraceItem[] = [
  { kind: 'about', about: { writer: 'example 1.0', title: 'one too many' } },
  {
    kind: 'records',
    firstSeq: 0,
    words: Int32Array.from(
      [
        [1, 1, 21083, 0, 1, 0, 21, 0],
        [2, 1, 0, 0, 68, 2048, 21, 0],
        [3, 1, 0, 68, 69, 68, 21, 0],
        [0x106, 1, 69, 68, 0, 301, 21, 20771345],
      ].flat(),
    ),
  },
  { kind: 'verdict', verdict: { outcome: 'spinning', message: 'pos 69 passed cap 68', atMs: 301 } },
];

test('the example is what is written, byte for byte', () => {
  expect(bytesOf(block('hex')).toString('hex')).toBe(traceOf(EXAMPLE).toString('hex'));
});

test('the example is read', async () => {
  const items = await readBytes(bytesOf(block('hex')));
  expect(items.map(({ kind }) => kind)).toEqual(['about', 'verdict', 'records']);
  expect(items[0]).toMatchObject({ about: { writer: 'example 1.0', startedAtMs: 1_767_225_600_000 } });
});

test('the example is the NDJSON that stands there, either way', async () => {
  const bytes = bytesOf(block('hex'));
  let text = '';
  for await (const line of traceToNdjson([bytes])) text += line;
  expect(text).toBe(block('ndjson'));
  const back: Uint8Array[] = [];
  for await (const piece of ndjsonToTrace([Buffer.from(block('ndjson'))])) back.push(piece);
  expect(Buffer.concat(back).equals(bytes)).toBe(true);
});

test('every outcome and every kind of event is named', () => {
  const outcomes = /`outcome` is one of ([^.]*)\./.exec(readme)?.[1] ?? '';
  expect(outcomes.match(/\w+/g)).toEqual([...VERDICT_OUTCOMES]);
  const kinds = / 0 … 4 +\| kind: ([^|]*?) +\|/.exec(readme)?.[1] ?? '';
  expect(kinds).toBe(
    EVENT_KINDS.map((name, code) =>
      name === 'gap' ? `${code} gap (never written as a record)` : `${code} ${name}`,
    ).join(', '),
  );
});

test('the least that another program must write is read', async () => {
  const items = await collect(readNdjson([Buffer.from(block('ndjson-minimal'))]));
  expect(items.map(({ kind }) => kind)).toEqual(['about', 'records']);
  expect(items[0]).toEqual({ kind: 'about', about: { writer: 'my relay' } });
  const place = {
    connection: 1,
    tickMs: 0,
    direction: 'a -> b',
    read_done: false,
    need_flush: false,
    state: 'running',
  };
  expect(items.flatMap((item) => (item.kind === 'records' ? decodeRecords(item.words, item.firstSeq) : []))).toEqual([
    { ...place, seq: 0, kind: 'read', pos: 0, cap: 0, n: 68, offered: 2048 },
    { ...place, seq: 1, kind: 'write', pos: 0, cap: 68, n: 69, offered: 68 },
    { ...place, seq: 2, kind: 'loop', pos: 69, cap: 68, repeat: 20771345, lastTickMs: 0 },
  ]);
});
