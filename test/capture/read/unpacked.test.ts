import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readCapture } from '../../../harness/capture/read/read-capture.ts';
import { pieces } from '../support/follow.ts';
import { opening, pcapOf } from '../support/packets.ts';
import { readAll } from '../support/read.ts';
import { seeds, textOf } from '../support/seeds.ts';

const PCAP = pcapOf(opening());
const PACKINGS = [
  { packing: 'gzip', pack: (bytes: Uint8Array): Buffer => gzipSync(bytes) },
  { packing: 'zstd', pack: (bytes: Uint8Array): Buffer => zstdCompressSync(bytes) },
] as const;

/** Bytes that do not pack: what is lost with the end shows. */
function noise(length: number): Buffer {
  let state = 1;
  return Buffer.from(Array.from({ length }, () => (state = (state * 48_271) % 0x7fff_ffff) & 0xff));
}

describe.each(PACKINGS)('a capture packed with $packing', ({ packing, pack }) => {
  test.each(['talk 0', 'pcapng sections', 'text'])('%s is what it is without', async (name) => {
    const bytes = seeds().find((seed) => seed.name === name)?.bytes ?? Buffer.alloc(0);
    const { form, ...plain } = await readAll(bytes);
    for (const chunkBytes of [1, 100, bytes.length]) {
      const packed = await readAll(pack(bytes), chunkBytes);
      expect(packed).toEqual({ ...plain, form: { ...form, packing } });
      expect(packed.packets.length).toBeGreaterThan(10);
    }
  });

  test('may be packed in several parts', async () => {
    const parts = [PCAP.subarray(0, 30), PCAP.subarray(30, 31), PCAP.subarray(31)].map(pack);
    for (const chunkBytes of [1, 3, 50, 1000])
      expect((await readAll(Buffer.concat(parts), chunkBytes)).packets).toHaveLength(3);
  });

  test('is not unpacked twice', async () => {
    const { error } = await readAll(pack(pack(PCAP)));
    expect(error).toMatchObject({ code: 'CAPTURE_MALFORMED', place: { fileOffset: 0 } });
  });

  test('that was cut has what could be unpacked', async () => {
    const packets = Array.from({ length: 200 }, (_, n) => Buffer.concat([Buffer.from([0x45, n]), noise(2000)]));
    const bytes = pack(pcapOf(packets));
    const { packets: read, notes, error } = await readAll(bytes.subarray(0, -200), 1000);
    expect(error).toBeNull();
    expect(read.length).toBeGreaterThan(100);
    expect(notes.at(-1)).toMatchObject({ kind: 'cut' });
  });

  test('that is cut before anything can be unpacked is refused', async () => {
    const { error } = await readAll(pack(PCAP).subarray(0, 10));
    expect(error).toMatchObject({
      code: 'CAPTURE_MALFORMED',
      message: expect.stringContaining(`got ${packing} data that are cut before anything can be unpacked`) as unknown,
    });
  });

  test('that unpacks to too much is stopped by a limit', async () => {
    const large = pcapOf([Buffer.alloc(9_000_000)], { snapBytes: 9_000_000 });
    const zeros = pack(Buffer.concat([large, large.subarray(24), large.subarray(24)]));
    expect(zeros.length).toBeLessThan(40_000);
    let count = 0;
    const sink = {
      packet: (): void => {
        count += 1;
      },
      note: (): void => undefined,
    };
    await expect(readCapture(pieces(zeros, 65_536), sink)).rejects.toMatchObject({
      code: 'CAPTURE_LIMIT',
      message: expect.stringContaining('expected at most 500 times as much') as unknown,
    });
    expect(count).toBe(1);
  });
});

test('what comes before damage is read, but for the last 64 KiB', async () => {
  const packets = Array.from({ length: 100 }, () => Buffer.concat([Buffer.from([0x45]), noise(1999)]));
  const bytes = gzipSync(pcapOf(packets), { level: 0 });
  // A wrong kind of block, in the middle.
  const damaged = Buffer.concat([bytes.subarray(0, 100_000), bytes.subarray(100_400)]);
  const { packets: read, error } = await readAll(damaged, 4096);
  expect(error).toMatchObject({
    code: 'CAPTURE_MALFORMED',
    message: /^Damaged gzip data behind byte \d+ of what is in it: /,
  });
  expect(read.length).toBeGreaterThanOrEqual(Math.floor((100_000 - 32_768) / 2016));
});

test('an error of the source is no error of the packing', async () => {
  const packed = gzipSync(textOf(opening()));
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(packed.subarray(0, 50));
    throw new RangeError('from the source');
  }
  const reading = readCapture(failing(), { packet: () => undefined, note: () => undefined });
  await expect(reading).rejects.toThrow(new RangeError('from the source'));
});
