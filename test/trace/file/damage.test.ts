import { describe, expect, test } from 'vitest';
import { encodeChunk, paddedBytes } from '../../../src/trace/file/chunk.ts';
import { readNdjson } from '../../../src/trace/file/open-trace.ts';
import { readTraceBytes } from '../../../src/trace/file/read-trace-bytes.ts';
import { traceToNdjson } from '../../../src/trace/file/trace-to-ndjson.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import { dice, mutate, mutateBodies, SAMPLE, survive } from './mutate.ts';
import { collect, readBytes, reads, seqs, traceOf } from './sample.ts';

async function ndjson(bytes: Uint8Array): Promise<Buffer> {
  const lines: string[] = [];
  for await (const line of traceToNdjson([bytes])) lines.push(line);
  return Buffer.from(lines.join(''));
}

/** Where each chunk of a sound trace ends, its padding aside, and with it. */
function ends(bytes: Buffer): { body: number; whole: number }[] {
  const all: { body: number; whole: number }[] = [];
  for (let at = 32; at < bytes.length;) {
    const body = bytes.readUInt32LE(at + 4);
    all.push({ body: at + 16 + body, whole: at + 16 + paddedBytes(body) });
    at += 16 + paddedBytes(body);
  }
  return all;
}

describe('cut off at any length', () => {
  test('within its header, it is no trace', async () => {
    for (let length = 0; length < 32; length += 1) {
      const place = { offset: length };
      await expect(readBytes(SAMPLE.subarray(0, length))).rejects.toMatchObject({ code: 'TRACE_MALFORMED', place });
    }
    const bytes = await ndjson(SAMPLE);
    for (let length = 0; length < bytes.indexOf('\n'); length += 1) {
      const items = collect(readNdjson([bytes.subarray(0, length)]));
      await expect(items).rejects.toMatchObject({ code: 'TRACE_MALFORMED', place: { offset: 0 } });
    }
  });

  test('a .trace gives the chunks that are whole, and says that one is not', async () => {
    const chunks = ends(SAMPLE);
    const sound = [[], ...(await Promise.all(chunks.map(({ whole }) => readBytes(SAMPLE.subarray(0, whole)))))];
    for (let length = 32; length < SAMPLE.length; length += 1) {
      const whole = chunks.filter(({ body }) => body <= length).length;
      const isBetween = length === 32 || chunks.some(({ body, whole }) => length >= body && length <= whole);
      const items = await readBytes(SAMPLE.subarray(0, length));
      expect(items.filter(({ kind }) => kind !== 'warning')).toEqual(sound[whole]);
      const offset = whole === 0 ? 32 : chunks[whole - 1]?.whole;
      expect(items.filter(({ kind }) => kind === 'warning')).toMatchObject(isBetween ? [] : [{ offset }]);
    }
  });

  test('NDJSON gives the lines that are whole, and says that one is not', async () => {
    const bytes = await ndjson(SAMPLE);
    for (let length = bytes.indexOf('\n'); length < bytes.length; length += 1) {
      const start = bytes.lastIndexOf('\n', length - 1) + 1;
      const items = await collect(readNdjson([bytes.subarray(0, length)]));
      // At a line's end but for the newline itself it is whole.
      const isWhole = start === length || bytes[length] === 0x0a;
      expect(items.filter(({ kind }) => kind === 'warning')).toMatchObject(isWhole ? [] : [{ offset: start }]);
    }
  });
});

test.each(['trace', 'ndjson'] as const)(
  '2000 changes by chance to a %s end in a typed error, or in items',
  async (form) => {
    const roll = dice(20260101);
    const sound = form === 'trace' ? SAMPLE : await ndjson(SAMPLE);
    const fates = { error: 0, warned: 0, read: 0 };
    for (let i = 0; i < 2000; i += 1) {
      const bytes = form === 'trace' && i % 2 === 0 ? mutateBodies(sound, roll) : mutate(sound, roll);
      fates[await survive(bytes, form)] += 1;
    }
    // Each of them is really tried.
    for (const times of Object.values(fates)) expect(times).toBeGreaterThan(20);
  },
);

describe('after damage', () => {
  const bytes = traceOf([reads(0, 100), reads(100, 100), reads(200, 100)]);
  const second = 32 + 16 + 8 + 3200;

  test('within a body, its chunk alone is missing', async () => {
    const damaged = Buffer.from(bytes);
    damaged.writeUInt8(7, second + 500);
    const items = await readBytes(damaged);
    expect(seqs(items)).toEqual([...Array(100).keys(), ...Array.from({ length: 100 }, (_, index) => 200 + index)]);
    expect(items.filter(({ kind }) => kind === 'warning')).toMatchObject([{ offset: second }]);
  });

  test("of the file's own header, it is no trace", async () => {
    for (let at = 8; at < 32; at += 1) {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
      await expect(readBytes(damaged)).rejects.toMatchObject({ code: 'TRACE_MALFORMED', place: { offset: 28 } });
    }
  });

  test('of a header, the next chunk is found', async () => {
    const damaged = Buffer.from(bytes);
    damaged.writeUInt8(7, second + 5);
    const items = await readBytes(damaged);
    expect(seqs(items)).toEqual([...Array(100).keys(), ...Array.from({ length: 100 }, (_, index) => 200 + index)]);
    expect(items.filter(({ kind }) => kind === 'warning')).toEqual([
      {
        kind: 'warning',
        offset: second,
        message: `Damaged at offset ${second}: no chunk up to offset ${second + 3224}`,
      },
    ]);
  });

  test('of what fills up a chunk, nothing is missing', async () => {
    const about = traceOf([{ kind: 'about', about: { title: 'x' } }, reads(0, 1)]);
    about.writeUInt8(7, 32 + 16 + 13);
    expect(await readBytes(about)).toMatchObject([
      { kind: 'about' },
      { kind: 'warning', offset: 56, message: 'Damaged at offset 56: expected zeros after the chunk' },
      { kind: 'records' },
    ]);
  });

  test('warnings end at some time', async () => {
    const many = Buffer.concat([traceOf([]), ...Array.from({ length: 5000 }, () => encodeChunk(3, Buffer.alloc(9)))]);
    const items = await readBytes(many);
    expect(items.length).toBe(100);
    expect(items.at(-1)).toMatchObject({ message: 'Too much is damaged: warnings from here on are left out' });
  });
});

/** The same piece over and over, which nobody holds. */
function* endless(first: Uint8Array, piece: Uint8Array, bytes: number): Generator<Uint8Array> {
  yield first;
  for (let at = 0; at < bytes; at += piece.length) yield piece;
}

/** How much memory outside of the heap a reading takes at its most. */
async function mostMemory(items: AsyncIterable<TraceItem>, sample: () => void): Promise<void> {
  for await (const item of items) if (item.kind !== 'warning') sample();
  sample();
}

describe('memory stays within a bound', () => {
  const noise = Buffer.from(Array.from({ length: 1 << 16 }, (_, index) => (index * 7919) % 251));
  const header = traceOf([]);
  /** A sound header of the longest chunk, whose body's checksum is wrong. */
  const longest = encodeChunk(8, new Uint8Array(1 << 20)).fill(1, 16);
  const line = Buffer.from('{"relayscope":"trace","version":1}\n');
  test.each([
    ['zeros', () => readTraceBytes(endless(header, new Uint8Array(1 << 16), 1 << 26))],
    ['noise', () => readTraceBytes(endless(header, noise, 1 << 26))],
    ['damaged long chunks', () => readTraceBytes(endless(header, longest, 1 << 26))],
    [
      'a line without an end',
      () =>
        readNdjson(
          endless(
            line,
            noise.fill(0x20, 0, 9000).map((byte) => (byte === 10 ? 11 : byte)),
            1 << 26,
          ),
        ),
    ],
    ['lists within lists', () => readNdjson(endless(line, Buffer.alloc(1 << 16, '['), 1 << 26))],
  ])('for 64 MiB of %s', async (_, read) => {
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    await mostMemory(read(), () => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    });
    expect(most).toBeLessThan(32 << 20);
  });
});
