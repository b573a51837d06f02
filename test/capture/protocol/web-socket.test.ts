import { expect, test } from 'vitest';
import { Opcode } from '../../../harness/faults/websocket/wire/frame.ts';
import { a, b, found, foundMidway, GRANTED, lost, masked, plain, REQUEST, texts } from '../support/websocket-talk.ts';

const { CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG } = Opcode;

test('a message in fragments is one, with control frames in between', async () => {
  const { frames, messages, told } = await found([
    a(REQUEST),
    b(GRANTED),
    b(plain(TEXT, 'one ', { fin: false })),
    b(plain(PING, 'are you there')),
    a(masked(PONG, 'are you there')),
    b(plain(CONTINUATION, 'two ', { fin: false })),
    b(plain(PONG, '')),
    b(plain(CONTINUATION, 'three')),
  ]);
  expect(frames.map((side) => side.map(({ opcode }) => opcode))).toEqual([
    [PONG],
    [TEXT, PING, CONTINUATION, PONG, CONTINUATION],
  ]);
  expect(messages[1]).toMatchObject([{ type: 'text', fragments: 3, payloadBytes: 13 }]);
  expect(texts(messages[1])).toEqual(['one two three']);
  expect(told.filter((one) => one.includes('undecodable'))).toEqual([]);
});

test('frames in the segment of the 101, and those that the client sends before it, are frames', async () => {
  const { messages, told } = await found([
    a(REQUEST),
    a(masked(TEXT, 'early')),
    b(Buffer.concat([Buffer.from(GRANTED), plain(TEXT, 'at once')])),
  ]);
  expect(messages.map(texts)).toEqual([['early'], ['at once']]);
  expect(told).toContain('a: is websocket, by upgrade');
});

test('a message without a byte is a message', async () => {
  const { messages } = await found([a(REQUEST), b(GRANTED), a(masked(TEXT, '')), b(plain(BINARY, ''))]);
  expect(messages).toMatchObject([
    [{ type: 'text', payloadBytes: 0, fragments: 1 }],
    [{ type: 'binary', payloadBytes: 0, fragments: 1 }],
  ]);
  expect(messages.map(texts)).toEqual([[''], ['']]);
});

test.each([
  ['no code', Buffer.alloc(0), ['a: Close null ']],
  ['a code', Buffer.from([0x03, 0xe8]), ['a: Close 1000 ']],
  ['half a code', Buffer.from([0x03]), ['a: undecodable at 149: a Close frame with half a code', 'a: Close null ']],
  [
    'a code that is never sent',
    Buffer.from([0x03, 0xed]),
    ['a: undecodable at 149: a Close frame with code 1005', 'a: Close 1005 '],
  ],
  [
    'a reason that is no UTF-8',
    Buffer.from([0x03, 0xe8, 0xff, 0x21]),
    ['a: undecodable at 149: a Close frame whose reason is no UTF-8', 'a: Close 1000 \u{fffd}!'],
  ],
])('a Close frame with %s is one', async (_name, payload, expected) => {
  const { told, frames } = await found([a(REQUEST), b(GRANTED), a(masked(CLOSE, payload))]);
  expect(told.filter((one) => one.includes('Close'))).toEqual(expected);
  expect(frames[0]).toHaveLength(1);
});

test('a control frame that says that it is long is passed over, and not kept', async () => {
  const { frames, messages, told } = await found([
    a(REQUEST),
    b(GRANTED),
    b(plain(PING, Buffer.alloc(100_000), { lengthBits: 64 }).subarray(0, 60_000)),
    b(Buffer.alloc(40_010)),
    b(plain(TEXT, 'after')),
  ]);
  expect(told).toContain('b: undecodable at 77: a control frame of 100000 bytes');
  expect(frames[1]).toHaveLength(2);
  expect(texts(messages[1])).toEqual(['after']);
});

test('what is no frame is said with its place, and what follows is found again', async () => {
  const { messages, told } = await found([
    a(REQUEST),
    b(GRANTED),
    b(plain(TEXT, 'before')),
    b(Buffer.from('\x73rubbish that is no frame', 'latin1')),
    b(plain(TEXT, 'this is found')),
    b(plain(TEXT, 'and this')),
  ]);
  expect(texts(messages[1])).toEqual(['before', 'this is found', 'and this']);
  expect(told.filter((one) => one.includes('undecodable'))).toEqual([
    'b: undecodable at 85: no frame: opcode 3, reserved bits 7, 114 bytes',
    'b: undecodable at 87: 23 bytes before the beginning of a frame',
  ]);
});

test('a gap within a frame costs the message, and the next is where the length says', async () => {
  const big = plain(BINARY, Buffer.alloc(3000, 7));
  const { frames, messages, told } = await found([
    a(REQUEST),
    b(GRANTED),
    b(big.subarray(0, 1000)),
    lost(b(big.subarray(1000, 2000))),
    b(big.subarray(2000)),
    b(plain(TEXT, 'next')),
  ]);
  expect(frames[1]).toMatchObject([{ payloadBytes: 3000, seenBytes: 2000 }, { payloadBytes: 4 }]);
  expect(messages[1]).toMatchObject([{ payload: null, payloadBytes: 3000 }, { payloadBytes: 4 }]);
  expect(told.filter((one) => one.includes('undecodable'))).toEqual([]);
});

test('a gap that swallows a header is followed by the next frame that begins a segment', async () => {
  const big = masked(BINARY, Buffer.alloc(3000, 7));
  const { frames, messages, told } = await found([
    a(REQUEST),
    b(GRANTED),
    lost(a(big.subarray(0, 1000))),
    a(big.subarray(1000, 2000)),
    a(big.subarray(2000)),
    a(masked(TEXT, 'this is text')),
    a(masked(PING, '')),
    a(masked(TEXT, 'and more of it')),
  ]);
  expect(frames[0].map(({ opcode }) => opcode)).toEqual([TEXT, PING, TEXT]);
  expect(texts(messages[0])).toEqual(['this is text', 'and more of it']);
  expect(told.filter((one) => one.includes('undecodable'))).toEqual([
    'a: undecodable at 1149: 2008 bytes before the beginning of a frame',
  ]);
});

test('the end of a payload that looks like a frame is not taken for one, though frames follow it', async () => {
  const big = plain(BINARY, Buffer.concat([Buffer.alloc(2000, 'z'), Buffer.from([0x82, 4, 1, 2, 3, 4])]));
  const { frames, messages } = await found([
    a(REQUEST),
    b(GRANTED),
    lost(b(big.subarray(0, 1000))),
    b(big.subarray(1000)),
    b(plain(TEXT, 'this is text')),
    b(plain(TEXT, 'and more of it')),
  ]);
  expect(frames[1]).toHaveLength(2);
  expect(texts(messages[1])).toEqual(['this is text', 'and more of it']);
});

test('a gap that swallows the beginning of a message leaves its last fragment, without its payload', async () => {
  const { messages, told } = await found([
    a(REQUEST),
    b(GRANTED),
    lost(b(plain(TEXT, 'begin', { fin: false }))),
    b(plain(CONTINUATION, 'end')),
    b(plain(TEXT, 'the next one is whole')),
  ]);
  expect(messages[1]).toMatchObject([{ payload: null }, { payloadBytes: 21 }]);
  expect(told.filter((one) => one.includes('undecodable'))).toEqual([]);
});

test('only a Close frame behind a gap is found when nothing more comes', async () => {
  const { told } = await found([
    a(REQUEST),
    b(GRANTED),
    lost(b(plain(BINARY, Buffer.alloc(300)))),
    b(plain(CLOSE, Buffer.from([0x03, 0xe9]))),
  ]);
  expect(told).toContain('b: Close 1001 ');
});

test('without the handshake, frames of both directions are found from where they begin', async () => {
  const rest = plain(BINARY, Buffer.alloc(500, 9)).subarray(200);
  const { frames, messages, told } = await foundMidway([
    b(rest),
    ...[1, 2, 3, 4, 5].flatMap((index) => [
      a(masked(BINARY, Buffer.from([index, 0xfe, 0xff]))),
      b(plain(BINARY, Buffer.from([index, 0xfd, 0xff]))),
    ]),
  ]);
  expect(frames.map((side) => side.length)).toEqual([5, 5]);
  expect(messages.map((side) => side.map(({ payload }) => payload?.[0]))).toEqual([
    [1, 2, 3, 4, 5],
    [1, 2, 3, 4, 5],
  ]);
  expect(told[0]).toMatch(/is websocket, by frames without a handshake$/);
});

test.each(['a', 'b'] as const)('without the handshake, and %s alone, its frames are found', async (who) => {
  const talk = ['hello there', 'how are you', 'well, and you?'].flatMap((text) => [
    a(masked(TEXT, text)),
    b(plain(TEXT, text)),
  ]);
  const { frames } = await foundMidway(talk.map((one) => (one.who === who ? one : lost(one))));
  expect(frames.map((side) => side.length)).toEqual(who === 'a' ? [3, 0] : [0, 3]);
});

test('one line of text in a frame is enough to know it by', async () => {
  const { frames } = await foundMidway([a(masked(TEXT, 'GET / HTTP/1.1'))]);
  expect(frames[0]).toHaveLength(1);
});

test('a frame that the capture ends in is said', async () => {
  const { frames, told } = await found([a(REQUEST), b(GRANTED), b(plain(TEXT, 'never whole').subarray(0, 5))]);
  expect(frames[1]).toEqual([]);
  expect(told).toContain('b: undecodable at 77: a frame whose last 8 bytes are not there');
});

test('a client that does not mask is followed, and it is said once', async () => {
  const { messages, told } = await found([a(REQUEST), b(GRANTED), a(plain(TEXT, 'bare')), a(plain(TEXT, 'again'))]);
  expect(texts(messages[0])).toEqual(['bare', 'again']);
  expect(told.filter((one) => one.includes('undecodable'))).toEqual([
    'a: undecodable at 149: a frame without its mask',
  ]);
});

test.each([300_000, 20 * 1024 * 1024])('a masked message of %i bytes is whole', async (length) => {
  const payload = Buffer.alloc(length, 'relayscope ');
  const wire = masked(BINARY, payload);
  const segments = Array.from({ length: Math.ceil(wire.length / 60_000) }, (_, index) =>
    a(wire.subarray(index * 60_000, (index + 1) * 60_000)),
  );
  const { frames, messages } = await found([a(REQUEST), b(GRANTED), ...segments, a(masked(TEXT, 'after'))], 65_536);
  expect(frames[0].map(({ payloadBytes }) => payloadBytes)).toEqual([length, 5]);
  expect(messages[0][0]?.payload?.length).toBe(length);
  expect(Buffer.compare(messages[0][0]?.payload ?? Buffer.alloc(0), payload)).toBe(0);
});
