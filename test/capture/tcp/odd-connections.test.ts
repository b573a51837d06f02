import { expect, test } from 'vitest';
import { follow, type Followed } from '../support/follow.ts';
import { pcapOf } from '../support/packets.ts';
import { FIN, handshake, RST, said, SYN, TALK, TALK_V6, tcpPacket, type TcpTalk } from '../support/tcp-packet.ts';

const texts = ({ bytes }: Followed): string[] => bytes.map((one) => one.toString('latin1'));
const all = async (packets: readonly Buffer[]): Promise<Followed[]> => follow(pcapOf(packets));
async function only(packets: readonly Buffer[]): Promise<Followed> {
  const flows = await all(packets);
  expect(flows).toHaveLength(1);
  return flows[0] as Followed;
}

test('the data in a SYN are the first of the stream, and are given once if the server had not taken them', async () => {
  const rest = [said('b', -1, '', { flags: SYN }), said('a', 0, 'early'), said('a', 5, ' more')];
  const { bytes, flow } = await only([said('a', -1, 'early', { flags: SYN, acked: null }), ...rest]);
  expect(bytes[0].toString()).toBe('early more');
  expect(flow.sides[0]).toMatchObject({ retransmissions: 1, conflicts: 0 });
});

test('two ends that open at the same time have one connection', async () => {
  const flow = await only([
    said('a', -1, '', { flags: SYN, acked: null }),
    said('b', -1, '', { flags: SYN, acked: null }),
    said('a', -1, '', { flags: SYN }),
    said('b', -1, '', { flags: SYN }),
    said('a', 0, 'one'),
    said('b', 0, 'other', { acked: 3 }),
  ]);
  expect(texts(flow)).toEqual(['one', 'other']);
  expect(flow.flow).toMatchObject({ began: 'handshake', client: '192.0.2.1:40000' });
});

test('a socket that is connected to itself has one direction', async () => {
  const end = { address: [127, 0, 0, 1], port: 40_000 };
  const packet = (seq: number, text: string, flags = 0, ack?: number): Buffer =>
    tcpPacket({ from: end, to: end, seq, text, flags, ...(ack === undefined ? {} : { ack }) });
  const one = await only([
    packet(99, '', SYN),
    packet(99, '', SYN, 100),
    packet(100, 'hello', 0, 100),
    packet(105, '', 0, 105),
    packet(105, '', FIN, 105),
    packet(106, '', 0, 106),
  ]);
  expect(texts(one)).toEqual(['hello', '']);
  expect(one.gaps).toEqual([[], []]);
  expect(one.ends).toEqual(['a fin']);
});

test('a reset with a number that nobody waits for ends nothing', async () => {
  const one = await only([
    ...handshake(),
    said('a', 0, 'abcdef'),
    said('b', 0, '', { acked: 6 }),
    said('a', 2, '', { flags: RST }),
    said('a', 500_000_000, '', { flags: RST, acked: null }),
    said('a', 6, 'ghi'),
  ]);
  expect(texts(one)).toEqual(['abcdefghi', '']);
  expect(one.ends).toEqual([]);
  expect(one.flow.sides[0].strays).toBe(2);
});

test('what comes after a reset is counted, and is no part of the stream', async () => {
  const one = await only([
    ...handshake(),
    said('b', 0, 'abc'),
    said('a', 0, '', { flags: RST, acked: 3 }),
    said('b', 3, 'late'),
  ]);
  expect(texts(one)).toEqual(['', 'abc']);
  expect(one.flow.sides[1]).toMatchObject({ streamBytes: 3, lateBytes: 4 });
});

test('ports that are used again while the first connection is still open are another connection', async () => {
  const again: TcpTalk = { a: { ...TALK.a, isn: 3_000_000_000 }, b: { ...TALK.b, isn: 88 } };
  // The server still has the first one, and says so with its numbers; the client resets that and asks again.
  const flows = await all([
    ...handshake(),
    said('a', 0, 'first'),
    said('a', -1, '', { flags: SYN, acked: null, talk: again }),
    said('b', 0, '', { acked: 5 }),
    tcpPacket({ from: TALK.a, to: TALK.b, seq: TALK.a.isn + 6, flags: RST }),
    ...handshake(again),
    said('a', 0, 'second', { talk: again }),
    said('b', 0, 'reply', { acked: 6, talk: again }),
  ]);
  expect(flows.map(texts)).toEqual([
    ['first', ''],
    ['second', 'reply'],
  ]);
  expect(flows[1]?.gaps).toEqual([[], []]);
  expect(flows[1]?.flow.sides.map(({ strays }) => strays)).toEqual([1, 1]);
});

test('ports that are used again after both ends are another connection, also with a higher number', async () => {
  const again: TcpTalk = { a: { ...TALK.a, isn: TALK.a.isn + 70_000 }, b: { ...TALK.b, isn: TALK.b.isn + 70_000 } };
  const flows = await all([
    ...handshake(),
    said('a', 0, 'first', { flags: FIN }),
    said('b', 0, '', { flags: FIN, acked: 6 }),
    said('a', 6, '', { acked: 1 }),
    ...handshake(again),
    said('a', 0, 'second', { talk: again }),
  ]);
  expect(flows.map((one) => texts(one)[0])).toEqual(['first', 'second']);
  expect(flows.map(({ ends }) => ends)).toEqual([['a fin', 'b fin'], []]);
});

test('of the server alone, a SYN that grants another connection begins one', async () => {
  const again: TcpTalk = { a: TALK.a, b: { ...TALK.b, isn: 88 } };
  const flows = await all([
    said('b', -1, '', { flags: SYN }),
    said('b', 0, 'first'),
    said('b', -1, '', { flags: SYN, talk: again }),
    said('b', 0, 'second', { talk: again }),
  ]);
  expect(flows.map((one) => texts(one)[1])).toEqual(['first', 'second']);
});

test('a connection that was refused may be granted when it is asked for again', async () => {
  const flows = await all([
    said('a', -1, '', { flags: SYN, acked: null }),
    tcpPacket({ from: TALK.b, to: TALK.a, seq: 0, ack: TALK.a.isn + 1, flags: RST }),
    ...handshake(),
    said('a', 0, 'at last'),
  ]);
  expect(flows.map((one) => texts(one)[0])).toEqual(['', 'at last']);
  expect(flows[0]?.ends).toEqual(['b rst']);
});

test.each([
  ['IPv4', TALK],
  ['IPv6', TALK_V6],
])('over %s, each packet captured twice is counted as that, without checksums', async (_name, talk) => {
  const packets = [
    ...handshake(talk),
    said('a', 0, 'request', { talk }),
    said('b', 0, 'reply', { acked: 7, talk }),
    said('a', 7, '', { flags: FIN, acked: 5, talk }),
    said('b', 5, '', { flags: FIN, acked: 8, talk }),
  ];
  const capture = pcapOf(packets.flatMap((packet) => [packet, packet]));
  // A copy comes at once: 20 µs after the first, in a capture of both interfaces.
  for (let at = 24, index = 0; at < capture.length; at += 16 + capture.readUInt32LE(at + 8), index += 1)
    capture.writeUInt32LE((index >> 1) * 1000 + (index & 1) * 20, at + 4);
  const [one, ...others] = await follow(capture);
  expect(others).toEqual([]);
  expect(one?.bytes.map(String)).toEqual(['request', 'reply']);
  expect(one?.flow.sides).toMatchObject([
    // Bare acknowledgements of IPv6 have nothing that would tell a copy from another.
    { duplicates: talk === TALK ? 4 : 3, retransmissions: 0, keepAlives: 0 },
    { duplicates: 3, retransmissions: 0, keepAlives: 0 },
  ]);
});

test('over IPv6, what is sent again after a while is no copy', async () => {
  const { flow } = await only([
    ...handshake(TALK_V6),
    said('a', 0, 'request', { talk: TALK_V6 }),
    said('a', 0, 'request', { talk: TALK_V6 }),
  ]);
  expect(flow.sides[0]).toMatchObject({ duplicates: 0, retransmissions: 1 });
});

test('a capture that begins with a keep-alive begins after it', async () => {
  const one = await only([
    said('a', 99, '', { acked: 50 }),
    said('b', 50, '', { acked: 100 }),
    said('a', 100, 'data', { acked: 50 }),
  ]);
  expect(texts(one)).toEqual(['data', '']);
  expect(one.gaps).toEqual([[], []]);
  expect(one.flow.sides[0]).toMatchObject({ keepAlives: 1, streamBytes: 4 });
});

test('a keep-alive of one byte of anything is no conflict, and a byte that was not acknowledged is sent again', async () => {
  const kept = await only([...handshake(), said('a', 0, 'abc'), said('b', 0, '', { acked: 3 }), said('a', 2, '\0')]);
  expect(kept.flow.sides[0]).toMatchObject({ keepAlives: 1, retransmissions: 0, conflicts: 0 });
  const again = await only([...handshake(), said('a', 0, 'abc'), said('a', 2, 'c')]);
  expect(again.flow.sides[0]).toMatchObject({ keepAlives: 0, retransmissions: 1 });
});

test('a byte that probes a closed window is data once, whether it was taken or not', async () => {
  const one = await only([
    ...handshake(),
    said('a', 0, 'abc'),
    said('b', 0, '', { acked: 3, window: 0 }),
    said('a', 3, 'd'),
    said('b', 0, '', { acked: 3, window: 0 }),
    said('a', 3, 'def'),
    said('b', 0, '', { acked: 6 }),
  ]);
  expect(texts(one)).toEqual(['abcdef', '']);
  expect(one.flow.sides[0]).toMatchObject({ conflicts: 0, outOfOrder: 0, streamBytes: 6 });
});

test('an end whose packet was lost is no lost byte', async () => {
  const one = await only([...handshake(), said('a', 0, 'abc'), said('b', 0, '', { acked: 4 })]);
  expect(one.gaps).toEqual([[], []]);
  expect(one.ends).toEqual(['a fin']);
});

test('an end that was acknowledged before it was seen is no lost byte', async () => {
  const one = await only([
    ...handshake(),
    said('a', 0, 'abc'),
    said('b', 0, '', { acked: 4 }),
    said('a', 3, '', { flags: FIN }),
  ]);
  expect(one.gaps).toEqual([[], []]);
  expect(one.flow.sides[0]).toMatchObject({ streamBytes: 3, acknowledgedBytes: 3, end: 'fin' });
});

test('of a direction that was not captured, an end that may have been acknowledged with data leaves one byte open', async () => {
  const begin = [said('a', -1, '', { flags: SYN, acked: null }), said('a', 0, ''), said('a', 0, 'request')];
  // The client's end acknowledges the server's last bytes and its end.
  const passive = await only([...begin, said('a', 7, '', { flags: FIN, acked: 6 })]);
  expect(passive.flow.sides[1]).toMatchObject({ streamBytes: 5, perhapsBytes: 1, end: 'fin' });
  // It acknowledges both, and ends later.
  const later = await only([...begin, said('a', 7, '', { acked: 6 }), said('a', 7, '', { flags: FIN, acked: 6 })]);
  expect(later.flow.sides[1]).toMatchObject({ streamBytes: 6, perhapsBytes: -1, end: null });
  // It ends, and acknowledges the server's end alone.
  const last = await only([...begin, said('a', 7, '', { flags: FIN, acked: 5 }), said('a', 8, '', { acked: 6 })]);
  expect(last.flow.sides[1]).toMatchObject({ streamBytes: 5, perhapsBytes: 0, end: 'fin' });
});

test('of one direction only, what was lost in the capture is given up after many packets, not at the end of it', async () => {
  const many = Array.from({ length: 1030 }, (_, index) => said('a', 10 + index, '+', { acked: null }));
  const after = said('a', -1, '', { talk: TALK_V6, flags: SYN, acked: null });
  const [one] = await all([said('a', -1, '', { flags: SYN, acked: null }), said('a', 0, 'abc'), ...many, after]);
  expect(one?.gaps[0]).toEqual([{ offset: 3, length: 7, reason: 'lost' }]);
  expect(one?.bytes[0]).toHaveLength(1033);
});

test('acknowledgements of a direction that was not captured count past 4 GiB', async () => {
  const steps = Array.from({ length: 6 }, (_, index) => said('a', 0, '', { acked: (index + 1) * 900_000_000 }));
  const one = await only([said('a', -1, '', { flags: SYN, acked: null }), said('a', 0, ''), ...steps]);
  expect(one.flow.sides[1]).toMatchObject({ streamBytes: 5_400_000_000 });
});

test('numbers that no window holds belong to another connection', async () => {
  const one = await only([
    ...handshake(),
    said('a', 0, 'abc'),
    said('a', 1_500_000_000, 'forged'),
    said('b', 0, '', { acked: 1_500_000_000 }),
    said('a', 3, 'def'),
  ]);
  expect(texts(one)).toEqual(['abcdef', '']);
  expect(one.gaps).toEqual([[], []]);
  expect(one.flow.sides.map(({ strays }) => strays)).toEqual([1, 1]);
});

test.each([
  ['a request', 'GET / HTTP/1.1\r\n\r\n', 'a'],
  ['a response', 'HTTP/1.1 200 OK\r\n\r\n', 'b'],
  ['a frame with a mask', '\x81\x82abcdef', 'a'],
  ['a frame without one', '\x81\x02ef', 'b'],
] as const)('midway, between two ports that do not tell, %s does', async (_name, text, who) => {
  // By the greater port, it would be the other way round.
  const small = { address: [192, 0, 2, 1], port: 40_000, isn: 10 };
  const great = { address: [192, 0, 2, 2], port: 50_000, isn: 20 };
  const talk = { a: small, b: great };
  const one = await only([said('a', 0, '', { talk }), said(who, 0, text, { talk })]);
  expect(one.flow).toMatchObject({ client: '192.0.2.1:40000', server: '192.0.2.2:50000' });
  expect(texts(one)[who === 'a' ? 0 : 1]).toBe(text);
});
