import fc from 'fast-check';
import { expect, test } from 'vitest';
import { A, ipv4, opening, pcapOf, type Piece } from '../support/packets.ts';
import { follow, type Followed } from '../support/follow.ts';

const FIN = 1;
const RST = 4;
const text = (bytes: Buffer | undefined): string => bytes?.toString('latin1') ?? '';

async function only(pieces: readonly Piece[], before = opening()): Promise<Followed> {
  const flows = await follow(pcapOf([...before, ...pieces.map(ipv4)]));
  expect(flows).toHaveLength(1);
  return flows[0] as Followed;
}

const say = (from: 'a' | 'b', offset: number, what: string, more: Partial<Piece> = {}): Piece => ({
  from,
  offset,
  bytes: Buffer.from(what, 'latin1'),
  ...more,
});

test('both directions come in order, and both ends are seen', async () => {
  const { flow, bytes, gaps, ends, isClosed } = await only([
    say('a', 0, 'request'),
    say('b', 0, 'reply', { ack: 7 }),
    { from: 'a', offset: 7, flags: FIN, ack: 5 },
    { from: 'b', offset: 5, flags: FIN, ack: 8 },
  ]);
  expect(bytes.map(text)).toEqual(['request', 'reply']);
  expect(gaps).toEqual([[], []]);
  expect(ends).toEqual(['a fin', 'b fin']);
  expect(isClosed).toBe(true);
  expect(flow).toMatchObject({
    id: 1,
    client: '192.0.2.1:40000',
    server: '198.51.100.7:8080',
    began: 'handshake',
    firstPacket: 1,
    sides: [
      { streamBytes: 7, acknowledgedBytes: 7, packets: 4 },
      { streamBytes: 5, acknowledgedBytes: 5, packets: 3 },
    ],
  });
});

test('what comes early waits for what is in front of it', async () => {
  const { flow, bytes, gaps } = await only([say('a', 3, 'def'), say('a', 6, 'ghi'), say('a', 0, 'abc')]);
  expect(bytes.map(text)).toEqual(['abcdefghi', '']);
  expect(gaps).toEqual([[], []]);
  expect(flow.sides[0]).toMatchObject({ outOfOrder: 1, retransmissions: 0, conflicts: 0 });
});

test('what is sent again is given once, and the first copy counts', async () => {
  const { flow, bytes, conflicts } = await only([
    say('a', 0, 'abc'),
    say('a', 0, 'abc'),
    say('a', 0, 'abcdef'),
    say('a', 3, 'dYZ'),
    say('a', 6, 'ghi'),
  ]);
  expect(bytes.map(text)).toEqual(['abcdefghi', '']);
  expect(flow.sides[0]).toMatchObject({ retransmissions: 2, conflicts: 1, outOfOrder: 0 });
  expect(conflicts).toEqual(['a at 4']);
});

test('of pieces far larger than those of a wire, the latest are compared across the border of two chunks', async () => {
  const piece = (index: number, fill: string): Piece => say('a', index * 60_000, fill.repeat(60_000));
  const conflictsOf = async (again: Piece): Promise<number | undefined> => {
    const capture = pcapOf([...[0, 1, 2, 3].map((index) => ipv4(piece(index, 'x'))), ipv4(again)]);
    // The last packet comes in a chunk of its own.
    const [one] = await follow(capture, capture.length - 60_056);
    return one?.flow.sides[0].conflicts;
  };
  expect(await conflictsOf(piece(3, 'y'))).toBe(1);
  expect(await conflictsOf(piece(2, 'y'))).toBe(1);
  // Not kept: 180,000 bytes ago.
  expect(await conflictsOf(piece(1, 'y'))).toBe(0);
});

test('an overlap of what is kept back that says something else is a conflict, too', async () => {
  const { flow, bytes, conflicts } = await only([say('a', 3, 'def'), say('a', 4, 'eFg'), say('a', 0, 'abc')]);
  expect(bytes.map(text)).toEqual(['abcdefg', '']);
  expect(flow.sides[0].conflicts).toBe(1);
  expect(conflicts).toEqual(['a at 5']);
});

test('sequence numbers go round', async () => {
  const pieces = Array.from({ length: 40 }, (_, index) => say('a', index * 20, `${index}`.padEnd(20, '.')));
  expect(A.isn + 800).toBeGreaterThan(0xffff_ffff);
  const { bytes } = await only(pieces);
  expect(text(bytes[0])).toBe(Array.from({ length: 40 }, (_, index) => `${index}`.padEnd(20, '.')).join(''));
});

test('what the other end has, and the capture has not, is a gap once it is late', async () => {
  const later = Array.from({ length: 70 }, (_, index) => say('a', 6 + index, '+'));
  const { bytes, gaps } = await only([
    say('a', 0, 'abc'),
    say('a', 5, '!'),
    { from: 'b', offset: 0, ack: 6 },
    ...later,
  ]);
  expect(gaps).toEqual([[{ offset: 3, length: 2, reason: 'lost' }], []]);
  expect(text(bytes[0])).toBe(`abc!${'+'.repeat(70)}`);
});

test('an acknowledgement that overtakes its data in the capture is none', async () => {
  const { bytes, gaps } = await only([{ from: 'b', offset: 0, ack: 6 }, say('a', 3, 'def'), say('a', 0, 'abc')]);
  expect(gaps).toEqual([[], []]);
  expect(text(bytes[0])).toBe('abcdef');
});

test('bytes at the end that were acknowledged and not captured are a gap', async () => {
  const { gaps } = await only([say('a', 0, 'abc'), { from: 'b', offset: 0, ack: 10 }]);
  expect(gaps).toEqual([[{ offset: 3, length: 7, reason: 'lost' }], []]);
});

test('keep-alives are no data', async () => {
  const { flow, bytes } = await only([
    say('a', 0, 'abc'),
    { from: 'b', offset: 0, ack: 3 },
    say('a', 2, 'c'),
    { from: 'a', offset: 2 },
  ]);
  expect(text(bytes[0])).toBe('abc');
  expect(flow.sides[0]).toMatchObject({ keepAlives: 2, retransmissions: 0 });
});

test('a packet that was captured twice is counted as that, and not as sent again', async () => {
  const { flow, bytes } = await only([say('a', 0, 'abc', { id: 77 }), say('a', 0, 'abc', { id: 77 })]);
  expect(text(bytes[0])).toBe('abc');
  expect(flow.sides[0]).toMatchObject({ duplicates: 1, retransmissions: 0 });
});

test('a capture that begins in the middle begins with what it has', async () => {
  const { flow, bytes, gaps } = await only(
    [say('b', 100, 'reply', { ack: 50 }), say('a', 50, 'more', { ack: 105 })],
    [],
  );
  expect(flow).toMatchObject({ began: 'midway', client: '192.0.2.1:40000' });
  expect(bytes.map(text)).toEqual(['more', 'reply']);
  expect(gaps).toEqual([[], []]);
});

test('of a direction that was not captured, the acknowledgements tell how much there was', async () => {
  const { flow, gaps, ends } = await only(
    [say('a', 0, 'request'), { from: 'a', offset: 7, ack: 5 }, { from: 'a', offset: 7, ack: 6, flags: FIN }],
    [ipv4({ from: 'a', offset: -1, flags: 2 }), ipv4({ from: 'a', offset: 0 })],
  );
  expect(flow.sides[1]).toMatchObject({ streamBytes: 5, acknowledgedBytes: 5, packets: 0 });
  expect(gaps).toEqual([[], [{ offset: 0, length: 5, reason: 'uncaptured' }]]);
  expect(ends).toEqual(['a fin', 'b fin']);
});

test('ports that are used again are another connection', async () => {
  const again = { ...A, isn: 777 };
  expect(again.port).toBe(A.port);
  const reused = [...opening(), ipv4(say('a', 0, 'second'))].map((packet) => {
    const copy = Buffer.from(packet);
    // Another initial sequence number, for a.
    if (copy.readUInt16BE(20) === A.port) copy.writeUInt32BE((copy.readUInt32BE(24) + 0x1000) >>> 0, 24);
    else copy.writeUInt32BE((copy.readUInt32BE(28) + 0x1000) >>> 0, 28);
    return copy;
  });
  const flows = await follow(pcapOf([...opening(), ipv4(say('a', 0, 'first')), ...reused]));
  expect(flows.map(({ flow, bytes }) => [flow.id, text(bytes[0])])).toEqual([
    [1, 'first'],
    [2, 'second'],
  ]);
});

test('a reset ends the connection, and what waits behind a gap is still given', async () => {
  const { bytes, gaps, ends, isClosed } = await only([
    say('b', 0, 'abc'),
    say('b', 5, 'fgh'),
    { from: 'a', offset: 0, flags: RST, ack: 3 },
  ]);
  expect(text(bytes[1])).toBe('abcfgh');
  expect(gaps[1]).toEqual([{ offset: 3, length: 2, reason: 'lost' }]);
  expect(ends).toEqual(['a rst']);
  expect(isClosed).toBe(true);
});

test('what the snap length has cut off is a gap at its place', async () => {
  const flows = await follow(
    pcapOf([...opening(), ipv4(say('a', 0, 'abcdefgh')), ipv4(say('a', 8, 'ijklmnop'))], { snapBytes: 43 }),
  );
  expect(flows[0]?.gaps[0]).toEqual([
    { offset: 3, length: 5, reason: 'snapped' },
    { offset: 11, length: 5, reason: 'snapped' },
  ]);
  expect(text(flows[0]?.bytes[0])).toBe('abcijk');
});

/** The truth is known: whatever the network and the capture do, what comes out is a part of it, at the right place. */
test('any order, overlap, copy and loss gives the bytes that were captured, each once, in order', async () => {
  const scenario = fc.record({
    length: fc.integer({ min: 1, max: 400 }),
    cuts: fc.array(fc.tuple(fc.nat(399), fc.integer({ min: 1, max: 60 })), { minLength: 1, maxLength: 60 }),
    chunk: fc.integer({ min: 1, max: 300 }),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ length, cuts, chunk }) => {
      const truth = Buffer.from(Array.from({ length }, (_, index) => (index * 37 + (index >> 3)) & 0xff));
      const seen = new Uint8Array(length);
      const pieces = cuts.map(([at, size]): Piece => {
        const offset = at % length;
        const bytes = truth.subarray(offset, offset + size);
        seen.fill(1, offset, offset + bytes.length);
        return { from: 'a', offset, bytes };
      });
      const end: Piece = { from: 'a', offset: length, flags: FIN };
      const [one, ...others] = await follow(pcapOf([...opening(), ...pieces.map(ipv4), ipv4(end)]), chunk);
      expect(others).toEqual([]);
      const expected = Buffer.from([...truth].filter((_, index) => seen[index] === 1));
      expect(one?.bytes[0].equals(expected)).toBe(true);
      expect(one?.gaps[0].reduce((sum, gap) => sum + gap.length, 0)).toBe(length - expected.length);
      expect(one?.flow.sides[0]).toMatchObject({ streamBytes: length, conflicts: 0, end: 'fin' });
    }),
    { numRuns: 300 },
  );
});

test('a header of IP that says more than the packet had on the wire is not believed', async () => {
  const damaged = ipv4(say('a', 0, 'abc'));
  damaged.writeUInt16BE(damaged.readUInt16BE(2) + 4096, 2);
  const flows = await follow(pcapOf([...opening(), damaged, ipv4(say('a', 3, 'def'))]));
  expect(flows[0]?.gaps).toEqual([[], []]);
  expect(text(flows[0]?.bytes[0])).toBe('abcdef');
});
