import { expect, test } from 'vitest';
import { Opcode } from '../../../harness/faults/websocket/wire/frame.ts';
import { decode, type Decoded } from '../support/decode.ts';
import { pcapOf } from '../support/packets.ts';
import { handshake } from '../support/tcp-packet.ts';
import { a, b, GRANTED, lost, masked, packetsOf, plain, REQUEST, texts, type Said } from '../support/websocket-talk.ts';

/**
 * Captures of which tshark 4.0 finds less than there is. Two more have their tests beside those: the text of tcpdump -X
 * (captures.test.ts), and a masked message of more than 256 KiB (web-socket.test.ts).
 */

const { TEXT, BINARY, PING, PONG, CLOSE } = Opcode;

/** 37 frames of the client and 36 of the server, as the original capture had them. */
const FRAMES: readonly Said[] = [
  ...Array.from({ length: 30 }, (_, index) => [
    a(masked(BINARY, Buffer.concat([Buffer.of(0), Buffer.alloc(20 + index * 7, index)]))),
    b(plain(BINARY, Buffer.concat([Buffer.of(0), Buffer.alloc(30 + index * 11, index)]))),
  ]).flat(),
  ...Array.from({ length: 5 }, (_, index) => [b(plain(PING, `${index}`)), a(masked(PONG, `${index}`))]).flat(),
  a(masked(TEXT, 'the last word')),
  a(masked(CLOSE, Buffer.from([0x03, 0xe8]))),
  b(plain(CLOSE, Buffer.from([0x03, 0xe8]))),
];
const WHOLE: readonly Said[] = [a(REQUEST), b(GRANTED), ...FRAMES];

const counts = ({ frames: [one, other] }: Decoded): [number, number] => [one.length, other.length];
const captured = async (packets: readonly Buffer[], snapBytes?: number): Promise<Decoded> =>
  decode(pcapOf(packets, snapBytes === undefined ? {} : { snapBytes }));

test('the whole capture has 37 frames and 36', async () => {
  expect(counts(await captured([...handshake(), ...packetsOf(WHOLE)]))).toEqual([37, 36]);
});

/** tshark: 0. `dst port 8080` was the filter of the story. */
test.each(['a', 'b'] as const)('with the direction of %s alone, all its frames', async (who) => {
  const [syn, synAck, ack] = handshake();
  const own = who === 'a' ? [syn, ack] : [synAck];
  const packets = packetsOf(WHOLE.map((one) => (one.who === who ? one : lost(one))));
  const whole = await captured([...own.filter((packet) => packet !== undefined), ...packets]);
  expect(counts(whole)).toEqual(who === 'a' ? [37, 0] : [0, 36]);
});

/** tshark: 0. */
test('without the handshake, all frames', async () => {
  expect(counts(await captured(packetsOf(FRAMES)))).toEqual([37, 36]);
});

test('without the handshake, and the direction of the client alone, all its frames', async () => {
  const packets = packetsOf(FRAMES.map((one) => (one.who === 'a' ? one : lost(one))));
  expect(counts(await captured(packets))).toEqual([37, 0]);
});

/** tshark: 53 of 73. */
test('with neighbouring packets swapped, all frames, each with its payload', async () => {
  const packets = packetsOf(WHOLE);
  const swapped = packets.map((packet, index) => packets[index % 2 === 0 ? index + 1 : index - 1] ?? packet);
  const decoded = await captured([...handshake(), ...swapped]);
  const { messages } = decoded;
  expect(counts(decoded)).toEqual([37, 36]);
  expect(texts(messages[0]).at(-1)).toBe('the last word');
  expect(messages.flat().every(({ payload, payloadBytes }) => payload?.length === payloadBytes)).toBe(true);
});

/** tshark: 0. */
test('with a snap length of 96, all frames, and a gap in each that is longer', async () => {
  const decoded = await captured([...handshake(), ...packetsOf(WHOLE)], 96);
  expect(counts(decoded)).toEqual([37, 36]);
  expect(decoded.flows[0]?.sides.map(({ streamBytes }) => streamBytes)).toEqual(
    (['a', 'b'] as const).map((who) =>
      WHOLE.reduce((sum, { who: of, bytes }) => sum + (of === who ? bytes.length : 0), 0),
    ),
  );
});

/** tshark puts a text into the stream. */
test('with segments missing, all other frames, and nothing that was not sent', async () => {
  const missing = new Set([7, 8, 20, 33]);
  const packets = packetsOf(WHOLE.map((one, index) => (missing.has(index) ? lost(one) : one)));
  const decoded = await captured([...handshake(), ...packets]);
  const [fewerA, fewerB] = counts(decoded);
  expect([37 - fewerA, 36 - fewerB]).toEqual([2, 2]);
  for (const { payload } of decoded.messages.flat()) {
    const [first] = payload?.subarray(1) ?? [];
    expect(payload === null || payload.subarray(1).every((byte) => byte === first) || payload[0] === 0x74).toBe(true);
  }
});

/** tshark ignores it. */
test('SOCKS at a port of any number, and the WebSocket inside', async () => {
  const socks: readonly Said[] = [
    a(Buffer.from([5, 1, 0])),
    b(Buffer.from([5, 0])),
    a(Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, 0x1f, 0x90])),
    b(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0])),
  ];
  const decoded = await captured([...handshake(), ...packetsOf([...socks, ...WHOLE])]);
  expect(decoded.told).toContain('a: SOCKS5 CONNECT 127.0.0.1:8080');
  expect(counts(decoded)).toEqual([37, 36]);
});
