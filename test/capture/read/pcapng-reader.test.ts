import { describe, expect, test } from 'vitest';
import { block, description, enhanced, obsolete, option, section, simple, statistics } from '../support/pcapng.ts';
import { readAll } from '../support/read.ts';
import { BIG, LITTLE, ORDERS, type Words } from '../support/words.ts';

const IP = Buffer.from('450000', 'hex');
/** 2023-11-14T22:13:20.123456Z, in microseconds. */
const MICROSECONDS = 1_700_000_000_123_456n;

const join = (...blocks: Buffer[]): Buffer => Buffer.concat(blocks);
const malformed = (message: string, fileOffset: number): object => ({
  code: 'CAPTURE_MALFORMED',
  message: `Wrong block at byte ${fileOffset}: ${message}`,
  place: { fileOffset },
});

describe.each(ORDERS)('pcapng in $name', (words: Words) => {
  test('has packets of three kinds', async () => {
    const bytes = join(
      section(words),
      description(words, 101),
      enhanced(words, { units: MICROSECONDS, bytes: IP, wireBytes: 1500 }),
      obsolete(words, { units: MICROSECONDS, bytes: IP }),
      simple(words, IP),
    );
    const { form, packets, notes, error } = await readAll(bytes);
    expect(error).toBeNull();
    expect(form).toEqual({ format: 'pcapng', packing: null });
    const timed = { seconds: 1_700_000_000, nanoseconds: 123_456_000, hex: '450000', linkType: 101 };
    expect(packets).toMatchObject([
      { ...timed, number: 1, fileOffset: 48, wireBytes: 1500 },
      { ...timed, number: 2, fileOffset: 84, wireBytes: 3 },
      { number: 3, fileOffset: 120, seconds: 0, nanoseconds: 0, hex: '450000', wireBytes: 3 },
    ]);
    expect(notes).toEqual([{ kind: 'interface', index: 0, linkType: 101, snapBytes: 0 }]);
  });

  test('has comments of the section, the interface and the packet', async () => {
    const bytes = join(
      section(words, [option(words, 1, 'of the section')]),
      description(
        words,
        1,
        [option(words, 2, 'eth0\0\0'), option(words, 11, '\0port 80'), option(words, 1, 'of it')],
        96,
      ),
      enhanced(words, { bytes: IP }),
      enhanced(words, { bytes: IP, options: [option(words, 1, 'of the second'), option(words, 1, 'and more of it')] }),
    );
    const { notes } = await readAll(bytes, 13);
    expect(notes).toEqual([
      { kind: 'comment', packet: null, text: 'of the section' },
      { kind: 'interface', index: 0, linkType: 1, snapBytes: 96, name: 'eth0', filter: 'port 80' },
      { kind: 'comment', packet: null, text: 'of it' },
      { kind: 'comment', packet: 2, text: 'of the second' },
      { kind: 'comment', packet: 2, text: 'and more of it' },
    ]);
  });

  test('has statistics with what was lost, at the interface and above', async () => {
    const lost = [option(words, 5, words.u64(2n)), option(words, 7, words.u64(3n))];
    const bytes = join(
      section(words),
      description(words, 1),
      statistics(words, 0, [option(words, 4, words.u64(100n)), ...lost]),
      statistics(words, 0, []),
    );
    const { notes } = await readAll(bytes);
    expect(notes.slice(1)).toEqual([
      { kind: 'statistics', interfaceIndex: 0, received: 100, dropped: 5 },
      { kind: 'statistics', interfaceIndex: 0 },
    ]);
  });

  test('is the same in pieces of any size', async () => {
    const bytes = join(section(words), description(words, 1), enhanced(words, { bytes: IP }), simple(words, IP));
    const whole = await readAll(bytes);
    expect(whole.packets).toHaveLength(2);
    for (let chunkBytes = 1; chunkBytes < bytes.length; chunkBytes += 1)
      expect(await readAll(bytes, chunkBytes)).toEqual(whole);
  });

  test('steps over blocks that it does not know', async () => {
    const unknown = [4, 9, 0x0bad, 0x4000_0bad, 0x8000_0001].map((type) => block(words, type, Buffer.alloc(21, 0xff)));
    const bytes = join(section(words), ...unknown, description(words, 1), ...unknown, enhanced(words, { bytes: IP }));
    const { packets, error } = await readAll(bytes, 17);
    expect(error).toBeNull();
    expect(packets).toHaveLength(1);
  });
});

/** Each interface of each section has its own link type and its own clock; a section its own byte order. */
test('several sections and interfaces keep what is theirs apart', async () => {
  const nanoseconds = option(BIG, 9, Buffer.from([9]));
  const part = (words: Words, list: Buffer[]): Buffer =>
    join(
      section(words, [], words === BIG ? 7n : undefined),
      description(words, 113),
      description(words, 1, list),
      enhanced(words, { interfaceIndex: 1, units: 1_500_000_000n, bytes: IP }),
      enhanced(words, { interfaceIndex: 0, units: 1_500_000_000n, bytes: IP }),
    );
  const { packets, notes } = await readAll(join(part(LITTLE, []), part(BIG, [nanoseconds])), 9);
  expect(packets).toMatchObject([
    { number: 1, interfaceIndex: 1, linkType: 1, seconds: 1500, nanoseconds: 0 },
    { number: 2, interfaceIndex: 0, linkType: 113, seconds: 1500, nanoseconds: 0 },
    { number: 3, interfaceIndex: 3, linkType: 1, seconds: 1, nanoseconds: 500_000_000 },
    { number: 4, interfaceIndex: 2, linkType: 113, seconds: 1500, nanoseconds: 0 },
  ]);
  expect(notes.map((note) => (note.kind === 'interface' ? note.index : note.kind))).toEqual([0, 1, 2, 3]);
});

test('a simple packet ends where the snap length of the first interface says', async () => {
  const cut = Buffer.alloc(64, 7);
  const bytes = join(section(LITTLE), description(LITTLE, 1, [], 62), simple(LITTLE, cut, 1514));
  const { packets } = await readAll(bytes);
  expect(packets).toMatchObject([{ hex: '07'.repeat(62), wireBytes: 1514 }]);
});

test('a long block that holds no packet is stepped over and noted', async () => {
  const long = block(LITTLE, 0x0bad, Buffer.alloc(17 * 1024 * 1024));
  const bytes = join(section(LITTLE), long, description(LITTLE, 1), enhanced(LITTLE, { bytes: IP }));
  const { packets, notes } = await readAll(bytes, 1024 * 1024);
  expect(packets).toHaveLength(1);
  expect(notes[0]).toEqual({ kind: 'skipped', fileOffset: 28, why: 'a block of type 2989 with 17825804 bytes' });
  const cut = await readAll(bytes.subarray(0, 28 + 1000), 100);
  expect(cut.notes[1]).toEqual({ kind: 'cut', fileOffset: 1028, missingBytes: 17_825_804 - 1000 });
});

test('a file that ends in a block is cut there', async () => {
  const bytes = join(section(LITTLE), description(LITTLE, 1), enhanced(LITTLE, { bytes: IP }));
  const { packets, notes, error } = await readAll(bytes.subarray(0, -3), 10);
  expect(error).toBeNull();
  expect(packets).toEqual([]);
  expect(notes[1]).toEqual({ kind: 'cut', fileOffset: 48, missingBytes: 3 });
});

const SECTION = section(LITTLE);
const INTERFACE = description(LITTLE, 1);
const badLength = Buffer.concat([enhanced(LITTLE, { bytes: IP }).subarray(0, -4), LITTLE.u32(40)]);
const wrongVersion = Buffer.from(SECTION);
wrongVersion.writeUInt16LE(2, 12);
const wrongMagic = Buffer.from(SECTION);
wrongMagic.writeUInt32LE(0x01020304, 8);

test.each([
  ['another version', wrongVersion, malformed('expected version 1 of pcapng, got 2', 0)],
  ['a wrong byte-order magic', wrongMagic, malformed('expected the byte-order magic 0x1a2b3c4d, got 0x4030201', 0)],
  [
    'another length at the end of a block',
    join(SECTION, INTERFACE, badLength),
    malformed('expected its length 36 again at the end of a block, got 40', 48),
  ],
  [
    'a length that is no multiple of 4',
    join(SECTION, LITTLE.u32(6), LITTLE.u32(33), Buffer.alloc(30)),
    malformed('expected a block length that is a multiple of 4, 12 or more, got 33', 28),
  ],
  [
    'a packet of an interface that is not there',
    join(SECTION, INTERFACE, enhanced(LITTLE, { interfaceIndex: 1, bytes: IP })),
    malformed("expected one of the section's 1 interfaces, got number 1", 48),
  ],
  [
    'a simple packet without an interface',
    join(SECTION, simple(LITTLE, IP)),
    malformed("expected one of the section's 0 interfaces, got number 0", 28),
  ],
  [
    'more packet than block',
    join(SECTION, INTERFACE, block(LITTLE, 6, join(Buffer.alloc(12), LITTLE.u32(5), LITTLE.u32(5), IP))),
    malformed('expected at most 4 bytes of packet, got 5', 48),
  ],
  [
    'a block that is too short for its type',
    join(SECTION, INTERFACE, block(LITTLE, 6, Buffer.alloc(16))),
    malformed('expected 32 bytes or more of an enhanced packet block, got 28', 48),
  ],
  [
    'a packet that nothing captures',
    join(SECTION, INTERFACE, LITTLE.u32(6), LITTLE.u32(0x7fff_fff0), Buffer.alloc(4)),
    malformed('expected a block of at most 16842752 bytes, got 2147483632', 48),
  ],
  [
    'a cut section',
    SECTION.subarray(0, 20),
    malformed('expected a section header block, got a file that ends after 20 bytes', 0),
  ],
])('%s is refused with its place', async (_, bytes, error) => {
  expect((await readAll(bytes, 12)).error).toMatchObject(error);
});

test('too many interfaces are refused', async () => {
  const many = Array.from({ length: 4097 }, () => INTERFACE);
  const { error, notes } = await readAll(join(SECTION, ...many));
  expect(notes).toHaveLength(4096);
  expect(error).toMatchObject({ code: 'CAPTURE_LIMIT', place: { fileOffset: 28 + 4096 * 20 } });
});

test('of comments so much is kept, and no more', async () => {
  const long = { bytes: IP, options: [option(LITTLE, 1, 'x'.repeat(40_000))] };
  const { notes } = await readAll(join(SECTION, INTERFACE, ...[1, 2, 3].map(() => enhanced(LITTLE, long))));
  expect(notes.flatMap((note) => (note.kind === 'comment' ? [note.text.length] : []))).toEqual([40_000, 25_536]);
});
