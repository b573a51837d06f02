import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_DATAGRAMS } from '../../../harness/capture/packet/fragments.ts';
import { fragment4, fragment6, fragments4, fragments6, ipv6 } from '../support/fragments.ts';
import { ipv4 } from '../support/packets.ts';
import { Segments } from '../support/segments.ts';

const TEXT = 'The quick brown fox jumps over the lazy dog, over and over again';
const IPV4 = ipv4({ from: 'a', offset: 0, bytes: Buffer.from(TEXT), id: 7 });
const IPV6 = ipv6(IPV4);
const FOUND = { ends: '192.0.2.1:40000 > 198.51.100.7:8080', payload: TEXT, payloadBytes: 64 };
const FOUND6 = { ...FOUND, ends: '[2001:db8::1]:40000 > [2001:db8::2]:8080' };
/** Of 84 bytes of TCP. */
const SEGMENT = IPV4.subarray(20);

function read(packets: readonly Uint8Array[]): unknown[] {
  const segments = new Segments();
  for (const packet of packets) segments.packet(packet);
  return segments.found;
}

const part = (offset: number, bytes: Uint8Array | string, isLast = false): Buffer =>
  fragment4(IPV4, { offset, payload: Buffer.from(bytes), isLast });

describe.each([
  { name: 'IPv4', parts: fragments4(IPV4, 24), found: FOUND, waiting: 'IPv4 fragment' },
  { name: 'IPv6', parts: fragments6(IPV6, 24), found: FOUND6, waiting: 'IPv6 fragment' },
])('fragments of $name', ({ parts, found, waiting }) => {
  test('are put together in any order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (order) => {
        expect(read(order.map((index) => parts[index] ?? Buffer.alloc(0)))).toEqual([waiting, waiting, waiting, found]);
      }),
    );
  });

  test('that come again change nothing', () => {
    const [first = Buffer.alloc(0), ...rest] = parts;
    expect(read([first, first, ...rest]).at(-1)).toEqual(found);
  });

  test('that are cut are told', () => {
    const [first = Buffer.alloc(0)] = parts;
    expect(new Segments().packet(first.subarray(0, -1), { cutBytes: 1 }).found).toEqual([`${waiting} cut`]);
  });
});

test('where fragments overlap the first one counts', () => {
  const packets = [part(0, SEGMENT.subarray(0, 40)), part(24, 'x'.repeat(32)), part(56, SEGMENT.subarray(56), true)];
  // 16 of its 32 bytes are there already.
  const payload = `${TEXT.slice(0, 20)}${'x'.repeat(16)}${TEXT.slice(36)}`;
  expect(read(packets).at(-1)).toEqual({ ...FOUND, payload });
});

test('fragments of two datagrams are kept apart', () => {
  const other = ipv4({ from: 'a', offset: 64, bytes: Buffer.from('y'.repeat(64)), id: 8 });
  const [one, two] = [fragments4(IPV4, 48), fragments4(other, 48)];
  const packets = [one[0], two[1], two[0], one[1]].map((packet) => packet ?? Buffer.alloc(0));
  expect(read(packets).filter((found) => typeof found !== 'string')).toEqual([
    { ...FOUND, payload: 'y'.repeat(64) },
    FOUND,
  ]);
});

test('what lies beyond the last fragment is none of the datagram', () => {
  const packets = [part(96, 'z'.repeat(16)), part(48, SEGMENT.subarray(48), true), part(0, SEGMENT.subarray(0, 48))];
  expect(read(packets)).toEqual(['IPv4 fragment', 'IPv4 fragment', FOUND]);
});

test('a fragment that ends beyond the longest datagram, or within a unit, is left out', () => {
  expect(read([part(65_528, 'x'.repeat(16)), part(0, 'x'.repeat(9))])).toEqual(['IPv4 fragment', 'IPv4 fragment']);
  expect(
    read([part(0, 'x'.repeat(9)), part(0, SEGMENT.subarray(0, 48)), part(48, SEGMENT.subarray(48), true)]),
  ).toEqual(['IPv4 fragment', 'IPv4 fragment', FOUND]);
});

test('fragments that come more than a minute apart are of two datagrams', () => {
  const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = fragments4(IPV4, 48);
  expect(new Segments().packet(first, { seconds: 10 }).packet(second, { seconds: 70 }).found[1]).toEqual(FOUND);
  expect(new Segments().packet(first, { seconds: 10 }).packet(second, { seconds: 71 }).found[1]).toBe('IPv4 fragment');
});

test('so many datagrams wait, and for one more the oldest gives way', () => {
  const datagrams = Array.from({ length: MAX_DATAGRAMS + 1 }, (_, id) =>
    fragments4(ipv4({ from: 'a', offset: 0, bytes: Buffer.from(TEXT), id: id + 1 }), 48),
  );
  const [firsts, seconds] = [0, 1].map((index) => datagrams.map((parts) => parts[index] ?? Buffer.alloc(0)));
  const found = read([...(firsts ?? []), ...(seconds ?? []).toReversed()]);
  expect(found.filter((one) => typeof one !== 'string')).toHaveLength(MAX_DATAGRAMS);
  expect(found.at(-1)).toBe('IPv4 fragment');
});

test('fragments of one unit make the longest datagram', () => {
  const longest = ipv4({ from: 'a', offset: 0, bytes: Buffer.alloc(65_535 - 40, 'l'), id: 9 });
  const found = read(fragments4(longest, 8).toReversed());
  expect(found).toHaveLength(8190);
  expect(found.at(-1)).toMatchObject({ payloadBytes: 65_495 });
});

test('a fragment that is all there is needs no other', () => {
  const atomic = fragment6(IPV6, { offset: 0, payload: IPV6.subarray(40), isLast: true });
  expect(read([atomic])).toEqual([FOUND6]);
});
