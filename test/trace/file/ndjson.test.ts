import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeChunk } from '../../../src/trace/file/decode-chunk.ts';
import { encodeChunk } from '../../../src/trace/file/chunk.ts';
import { readNdjson } from '../../../src/trace/file/open-trace.ts';
import { ndjsonToTrace, traceToNdjson } from '../../../src/trace/file/trace-to-ndjson.ts';
import { ChunkType } from '../../../src/trace/file/trace-format.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import { collect, EVERY_KIND, readBytes, reads, traceOf } from './sample.ts';

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of source) values.push(value);
  return values;
}

async function there(bytes: Uint8Array): Promise<string> {
  return (await all(traceToNdjson([bytes]))).join('');
}

async function back(text: string): Promise<Buffer> {
  return Buffer.concat(await all(ndjsonToTrace([Buffer.from(text)])));
}

test('every kind goes there and back, and reads the same either way', async () => {
  const bytes = traceOf(EVERY_KIND);
  const text = await there(bytes);
  expect((await back(text)).equals(bytes)).toBe(true);
  expect(await collect(readNdjson([Buffer.from(text)]))).toEqual(await readBytes(bytes));
  expect(text).not.toContain('"raw"');
});

/** Any 32 bytes, and such as a recorder writes, or nearly: each word small or anything. */
const word = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: -0x80000000, max: 0x7fffffff }));
const record = fc
  .array(word, { minLength: 8, maxLength: 8 })
  .map((words) => Buffer.from(Int32Array.from(words).buffer));
const seq = fc.oneof(fc.bigInt({ min: 0n, max: 2000n }), fc.bigInt({ min: 0n, max: 0xffffffffffffffffn }));
const events = fc.tuple(seq, fc.array(record, { maxLength: 40 })).map(([first, records]) => {
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(first);
  return encodeChunk(ChunkType.EVENTS, head, ...records);
});
const text = fc.string({ unit: 'binary', maxLength: 30 });
const strings = fc.array(fc.tuple(fc.nat({ max: 0xffffffff }), text), { maxLength: 4 }).map((entries) =>
  encodeChunk(
    ChunkType.STRINGS,
    ...entries.flatMap(([id, one]) => {
      const head = Buffer.alloc(8);
      head.writeUInt32LE(id, 0);
      head.writeUInt32LE(Buffer.byteLength(one), 4);
      return [head, Buffer.from(one)];
    }),
  ),
);
const payload = fc
  .tuple(fc.uint8Array({ minLength: 16, maxLength: 60 }), fc.boolean())
  .map(([bytes, isPlain]) => encodeChunk(ChunkType.PAYLOAD, isPlain ? bytes.fill(0, 5, 16) : bytes));
const note = fc
  .tuple(
    fc.integer({ min: 1, max: 9 }),
    fc.oneof(
      fc.json(),
      fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value)),
    ),
  )
  .map(([type, json]) => encodeChunk(type, Buffer.from(json)));
/** Of a known type with any body, and of types that are not known. */
const anyChunk = fc
  .tuple(
    fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 0xffff })),
    fc.uint8Array({ maxLength: 80 }),
  )
  .map(([type, body]) => encodeChunk(type, body));
const startedAt = fc.oneof(fc.double(), fc.constant(0), fc.constant(1_767_225_600_000.5));

test('any trace goes to NDJSON and back byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(
      startedAt,
      fc.array(fc.oneof(events, events, strings, payload, note, anyChunk), { maxLength: 8 }),
      async (startedAtMs, chunks) => {
        const bytes = Buffer.concat([traceOf([], startedAtMs), ...chunks]);
        const text = await there(bytes);
        expect((await back(text)).toString('hex')).toBe(bytes.toString('hex'));
        // The items, too: all but warnings, whose offsets are of another file.
        const plain = async (items: Promise<Awaited<ReturnType<typeof readBytes>>>) =>
          (await items).filter(({ kind }) => kind !== 'warning');
        expect(await plain(collect(readNdjson([Buffer.from(text)])))).toEqual(await plain(readBytes(bytes)));
      },
    ),
    { numRuns: 1500 },
  );
});

test('numbers, offsets and records past 4 GiB go through both forms', async () => {
  const far = 2 ** 52;
  const items: readonly TraceItem[] = [
    {
      kind: 'payload',
      payload: { connection: 1, direction: 'a -> b', offset: far, bytes: Uint8Array.of(7), redacted: true },
    },
    { kind: 'records', firstSeq: far, words: reads(0, 3).words },
  ];
  const bytes = traceOf(items);
  expect(await readBytes(bytes)).toEqual(items);
  const text = await there(bytes);
  expect(text).toContain('"seq":4503599627370498,');
  expect((await back(text)).equals(bytes)).toBe(true);
  expect(await collect(readNdjson([Buffer.from(text)]))).toEqual(items);
});

test('minus zero is spelled, too', async () => {
  // A write that returned it: its record, and the extension with the eight bytes of the number.
  const words = Int32Array.from(
    [
      [3 | 0x1000, 1, 0, 68, 0, 68, 0, 0],
      [4 << 5, 0, 0, -0x80000000, 0, 0, 0, 0],
    ].flat(),
  );
  const bytes = traceOf([{ kind: 'records', firstSeq: 0, words }]);
  const text = await there(bytes);
  expect(text).toContain('"n":{"type":"number","value":"-0"}');
  expect(text).not.toContain('raw');
  expect((await back(text)).equals(bytes)).toBe(true);
});

test('records that do not begin at a multiple of four bytes are read as well', () => {
  const memory = Buffer.alloc(60);
  const body = memory.subarray(1, 41);
  body.writeInt32LE(77, 8);
  expect(decodeChunk({ type: 3, offset: 0, body })).toMatchObject([
    { firstSeq: 0, words: Int32Array.of(77, 0, 0, 0, 0, 0, 0, 0) },
  ]);
});
