import { describe, expect, test } from 'vitest';
import { kuznetzovRecord, Magic, pcapHeader, pcapRecord, type PcapRecord } from '../support/pcap.ts';
import { readAll } from '../support/read.ts';
import { BIG, LITTLE, ORDERS, type Words } from '../support/words.ts';

const FIRST: PcapRecord = { seconds: 1_700_000_000, fraction: 123_456, bytes: Buffer.from('4500', 'hex') };
const SECOND: PcapRecord = { seconds: 0xffff_ffff, fraction: 999_999, bytes: Buffer.from('60'), wireBytes: 1514 };

function capture(words: Words, magic: number, records = [FIRST, SECOND], linkType = 101): Buffer {
  const write = magic === Magic.KUZNETZOV ? kuznetzovRecord : pcapRecord;
  return Buffer.concat([pcapHeader(words, magic, linkType), ...records.map((record) => write(words, record))]);
}

describe.each(ORDERS)('pcap in $name', (words) => {
  test.each([
    ['microseconds', Magic.MICROSECONDS, 123_456_000, 999_999_000, 24 + 16 + 2],
    ['nanoseconds', Magic.NANOSECONDS, 123_456, 999_999, 24 + 16 + 2],
    ["Kuznetzov's headers", Magic.KUZNETZOV, 123_456_000, 999_999_000, 24 + 24 + 2],
  ])('is read with %s', async (_, magic, first, second, secondOffset) => {
    const { form, packets, notes } = await readAll(capture(words, magic));
    expect(form).toEqual({ format: 'pcap', packing: null });
    const about = { linkType: 101, interfaceIndex: 0 };
    expect(packets).toMatchObject([
      { number: 1, fileOffset: 24, seconds: 1_700_000_000, nanoseconds: first, hex: '4500', wireBytes: 2, ...about },
      { number: 2, fileOffset: secondOffset, seconds: 0xffff_ffff, nanoseconds: second, hex: '3630', ...about },
    ]);
    expect(packets[1]?.wireBytes).toBe(magic === Magic.KUZNETZOV ? 2 : 1514);
    expect(notes).toEqual([{ kind: 'interface', index: 0, linkType: 101, snapBytes: 262_144 }]);
  });

  test('is the same in pieces of any size', async () => {
    const bytes = capture(words, Magic.MICROSECONDS);
    const whole = await readAll(bytes);
    for (let chunkBytes = 1; chunkBytes < bytes.length; chunkBytes += 1)
      expect(await readAll(bytes, chunkBytes)).toEqual(whole);
  });
});

test('a fraction of more than a second is carried', async () => {
  const { packets } = await readAll(capture(LITTLE, Magic.MICROSECONDS, [{ ...FIRST, fraction: 2_500_000 }]));
  expect(packets).toMatchObject([{ seconds: 1_700_000_002, nanoseconds: 500_000_000 }]);
});

/** Bit 26: a frame check sequence is there, and the four bits above say of how many 16-bit words. */
test('the length of the frame check sequence is no part of the link type', async () => {
  const { packets } = await readAll(capture(BIG, Magic.MICROSECONDS, [FIRST], 0x2400_0001));
  expect(packets).toMatchObject([{ linkType: 1 }]);
});

test('a packet that says it was shorter on the wire than captured was as long', async () => {
  const { packets } = await readAll(capture(BIG, Magic.MICROSECONDS, [{ ...FIRST, wireBytes: 0 }]));
  expect(packets).toMatchObject([{ wireBytes: 2, hex: '4500' }]);
});

test('a file that ends in a packet is cut there', async () => {
  const bytes = capture(LITTLE, Magic.MICROSECONDS);
  const { packets, notes, error } = await readAll(bytes.subarray(0, -1));
  expect(error).toBeNull();
  expect(packets).toHaveLength(1);
  expect(notes[1]).toEqual({ kind: 'cut', fileOffset: 42, missingBytes: 1 });
  const inHeader = await readAll(bytes.subarray(0, 42 + 5));
  expect(inHeader.notes[1]).toEqual({ kind: 'cut', fileOffset: 42, missingBytes: 11 });
});

test('a file that ends in a packet longer than any is damaged there, and not cut', async () => {
  const bytes = capture(LITTLE, Magic.MICROSECONDS);
  const length = bytes.readUInt32LE(42 + 8);
  bytes.writeUInt32LE(length + 0x40_0000, 42 + 8);
  const { packets, notes, error } = await readAll(bytes, 10);
  expect(packets).toHaveLength(1);
  expect(notes).toHaveLength(1);
  expect(error).toMatchObject({
    code: 'CAPTURE_MALFORMED',
    message: `Wrong packet length at byte 42: expected at most what is left of the file, got ${length + 0x40_0000}`,
    place: { fileOffset: 42 },
  });
});

test('a header without packets is a capture', async () => {
  const { packets, error } = await readAll(pcapHeader(LITTLE, Magic.NANOSECONDS, 1));
  expect(packets).toEqual([]);
  expect(error).toBeNull();
});

test.each([
  [
    'a length that no packet has',
    Buffer.concat([
      capture(LITTLE, Magic.MICROSECONDS, [FIRST]),
      LITTLE.u32(1),
      LITTLE.u32(2),
      LITTLE.u32(0x7fff_ffff),
      LITTLE.u32(9),
    ]),
    'Wrong packet length at byte 42: expected at most 16777216, got 2147483647',
    42,
  ],
  [
    'a header that is cut',
    pcapHeader(BIG, Magic.MICROSECONDS, 1).subarray(0, 23),
    'Header cut at byte 0: expected 24 bytes of pcap header, got 23',
    0,
  ],
])('%s is refused with its place', async (_, bytes, message, fileOffset) => {
  const { error } = await readAll(bytes, 10);
  expect(error).toMatchObject({ code: 'CAPTURE_MALFORMED', message, place: { fileOffset } });
});

test('what comes before a wrong length has been read', async () => {
  const bytes = Buffer.concat([capture(LITTLE, Magic.MICROSECONDS), Buffer.alloc(16, 0xff)]);
  const { packets, error } = await readAll(bytes, 11);
  expect(packets).toHaveLength(2);
  expect(error).toMatchObject({ place: { fileOffset: 60 } });
});
