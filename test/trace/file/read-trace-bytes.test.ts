import { describe, expect, test } from 'vitest';
import { encodeChunk } from '../../../src/trace/file/chunk.ts';
import { collect, EVERY_KIND, positions, readBytes, reads, seqs, traceOf } from './sample.ts';
import { readTraceBytes } from '../../../src/trace/file/read-trace-bytes.ts';
import { requireLittleEndian } from '../../../src/trace/file/byte-order.ts';
import { crc32 } from 'node:zlib';

/** Records come last here, because the latest wait for what could take them back. */
const IN_ORDER = [...EVERY_KIND.filter(({ kind }) => kind !== 'records'), reads(0, 3)];

test('what was written is read, of every kind', async () => {
  expect(await readBytes(traceOf(EVERY_KIND))).toEqual(IN_ORDER);
});

test.each([1, 7, 8, 31, 1000])('it does not matter that bytes come %i at a time', async (size) => {
  const bytes = traceOf(EVERY_KIND);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  expect(await readBytes(pieces)).toEqual(IN_ORDER);
});

test('the longest chunks pass through, and records in between keep their order', async () => {
  const bytes = traceOf([reads(0, 100_000), reads(100_000, 10), reads(100_010, 1000), reads(101_010, 20_000)]);
  const items = await readBytes(bytes);
  expect(seqs(items)).toEqual(Array.from({ length: 121_010 }, (_, seq) => seq));
  expect(positions(items)).toEqual(seqs(items));
});

test('payload that is longer than a chunk comes in pieces that follow one another', async () => {
  const bytes = Buffer.from(Array.from({ length: 2_500_000 }, (_, index) => index % 251));
  const payload = { connection: 7, direction: 'b -> a', offset: 2 ** 32, bytes, redacted: false } as const;
  const items = await readBytes(traceOf([{ kind: 'payload', payload }]));
  const pieces = items.flatMap((item) => (item.kind === 'payload' ? [item.payload] : []));
  expect(pieces.map(({ offset, bytes: { length } }) => [offset - 2 ** 32, length])).toEqual([
    [0, 1_048_560],
    [1_048_560, 1_048_560],
    [2_097_120, 402_880],
  ]);
  expect(Buffer.concat(pieces.map((piece) => piece.bytes)).equals(bytes)).toBe(true);
});

describe('records', () => {
  test('that a later chunk has taken back are not among them', async () => {
    const again = reads(90, 20);
    again.words.fill(7);
    const items = await readBytes(traceOf([reads(0, 100), again]));
    expect(seqs(items)).toEqual(Array.from({ length: 110 }, (_, seq) => seq));
    expect(positions(items).slice(88, 92)).toEqual([88, 89, 7, 7]);
  });

  test('are taken back by an empty chunk, too', async () => {
    expect(seqs(await readBytes(traceOf([reads(0, 100), reads(10, 0)])))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('that are missing make a jump of the number', async () => {
    const items = await readBytes(traceOf([reads(5, 2), reads(1000, 2)]));
    expect(items.map((item) => (item.kind === 'records' ? [item.firstSeq, item.words.length / 8] : item))).toEqual([
      [5, 2],
      [1000, 2],
    ]);
  });

  test('are not taken back once too many have followed, and a warning says so', async () => {
    const items = await readBytes(traceOf([reads(0, 6000), reads(6000, 1), reads(10, 5), reads(5600, 1)]));
    expect(items.filter(({ kind }) => kind === 'warning')).toMatchObject([{ offset: 192_112 }]);
    // The warning is of the third chunk, which is left out: 5489 and on were still held, and are taken back.
    expect(seqs(items).at(-1)).toBe(5600);
    expect(new Set(seqs(items)).size).toBe(seqs(items).length);
  });
});

describe('a newer version', () => {
  function header(change: (view: DataView) => void, bytes = traceOf(EVERY_KIND)): Buffer {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    change(view);
    view.setUint32(28, crc32(bytes.subarray(0, 28)), true);
    return bytes;
  }

  test('minor: what is known is read, after a warning, past a longer header and unknown chunks', async () => {
    const bytes = Buffer.concat([traceOf(EVERY_KIND), encodeChunk(4711, Buffer.from('new')), encodeChunk(4711)]);
    const longer = Buffer.concat([bytes.subarray(0, 32), Buffer.alloc(16, 9), bytes.subarray(32)]);
    header((view) => {
      view.setUint16(10, 3, true);
      view.setUint32(12, 48, true);
    }, longer);
    expect(await readBytes(longer)).toEqual([
      { kind: 'warning', offset: 8, message: 'The trace is of version 1.3: what is newer than 1.0 is left out' },
      ...IN_ORDER.slice(0, -1),
      { kind: 'warning', offset: 856, message: 'At offset 856: unknown chunk of type 4711, left out' },
      ...IN_ORDER.slice(-1),
    ]);
  });

  test('major: is refused', async () => {
    const bytes = header((view) => {
      view.setUint16(8, 2, true);
    });
    await expect(readBytes(bytes)).rejects.toMatchObject({ code: 'TRACE_UNSUPPORTED', place: { offset: 8 } });
  });
});

test.each([
  ['nothing', '', 0],
  ['a text', 'GET / HTTP/1.1', 0],
  ['a magic only', '\x89RSC\r\n\x1a\n', 8],
])('%s is no trace', async (_, text, offset) => {
  await expect(readBytes(Buffer.from(text, 'latin1'))).rejects.toMatchObject({
    code: 'TRACE_MALFORMED',
    place: { offset },
  });
});

test('a machine whose words are the other way round does not misread it', () => {
  expect(() => {
    requireLittleEndian('BE');
  }).toThrow(expect.objectContaining({ code: 'TRACE_UNSUPPORTED' }));
});

test('a source that fails ends the reading with its error', async () => {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield traceOf(EVERY_KIND);
    await Promise.resolve();
    throw new Error('lost the disk');
  }
  await expect(collect(readTraceBytes(source()))).rejects.toThrow('lost the disk');
});
