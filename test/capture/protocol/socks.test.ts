import { expect, test } from 'vitest';
import { Opcode } from '../../../harness/faults/websocket/wire/frame.ts';
import { a, b, found, GRANTED, lost, masked, plain, REQUEST, texts, type Said } from '../support/websocket-talk.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const GREETING = a(hex('05 01 00'));
const NONE = b(hex('05 00'));
const TO_NAME = a(Buffer.concat([hex('05 01 00 03 04'), Buffer.from('t.cn'), hex('00 50')]));
const GRANTED_V4 = b(hex('05 00 00 01 00000000 0000'));

/** What was told, without what the tests of other protocols look at. */
async function told(talk: readonly Said[]): Promise<string[]> {
  return (await found(talk)).told;
}

test('SOCKS5 without authentication leads to what is inside', async () => {
  const { told: said, messages } = await found([
    GREETING,
    NONE,
    TO_NAME,
    GRANTED_V4,
    a(REQUEST),
    b(GRANTED),
    a(masked(Opcode.TEXT, 'hello')),
    b(plain(Opcode.TEXT, 'world')),
  ]);
  expect(said).toEqual([
    'a: is socks5, by request',
    'a: SOCKS5 greeting: none',
    'b: SOCKS5 method: none',
    'a: SOCKS5 CONNECT t.cn:80',
    'b: SOCKS5 succeeded',
    'a: is http, by request',
    'a: GET /chat HTTP/1.1',
    'b: HTTP/1.1 101 Switching Protocols',
    'b: is websocket, by 101',
  ]);
  expect(messages.map(texts)).toEqual([['hello'], ['world']]);
});

test.each([
  ['an IPv4 address', hex('05 01 00 01 c0000201 01bb'), 'SOCKS5 CONNECT 192.0.2.1:443'],
  ['an IPv6 address', hex('05 01 00 04 20010db8000000000000000000000001 01bb'), 'SOCKS5 CONNECT [2001:db8::1]:443'],
  ['a name', hex('05 01 00 03 01 61 01bb'), 'SOCKS5 CONNECT a:443'],
])('SOCKS5 to %s', async (_name, request, expected) => {
  expect(await told([GREETING, NONE, a(request), GRANTED_V4])).toContain(`a: ${expected}`);
});

test('SOCKS5 with user and password tells the user, and never the password', async () => {
  const login = Buffer.concat([hex('01 04'), Buffer.from('lisa'), hex('06'), Buffer.from('secret')]);
  const all = await told([
    a(hex('05 02 00 02')),
    b(hex('05 02')),
    a(login),
    b(hex('01 00')),
    TO_NAME,
    b(hex('05 00 00 03 01 61 0050')),
  ]);
  expect(all.slice(1)).toEqual([
    'a: SOCKS5 greeting: none, user and password',
    'b: SOCKS5 method: user and password',
    'a: SOCKS5 user lisa, a password',
    'b: SOCKS5 user accepted',
    'a: SOCKS5 CONNECT t.cn:80',
    'b: SOCKS5 succeeded',
  ]);
});

test.each([
  ['no method', [GREETING, b(hex('05 ff'))], 'b: SOCKS5 method: none acceptable'],
  [
    'the user',
    [a(hex('05 01 02')), b(hex('05 02')), a(hex('01 01 61 01 62')), b(hex('01 01'))],
    'b: SOCKS5 user refused',
  ],
  ['the target', [GREETING, NONE, TO_NAME, b(hex('05 05 00 01 00000000 0000'))], 'b: SOCKS5 failed (5)'],
  ['SOCKS4', [a(hex('04 01 0050 c0000201 00')), b(hex('00 5b 0000 00000000'))], 'b: SOCKS4 refused (91)'],
])('refused: %s', async (_name, talk, expected) => {
  const all = await told(talk);
  expect(all.at(-1)).toBe(expected);
});

test('an authentication of its own is said, and not taken for anything else', async () => {
  const all = await told([a(hex('05 02 00 01')), b(hex('05 01')), a(hex('01 01 0004 61626364')), b(hex('01 02 0000'))]);
  expect(all.slice(-2)).toEqual([
    'a: undecodable at 4: an authentication that is not known: method 1',
    'b: undecodable at 2: an authentication that is not known: method 1',
  ]);
});

test('a client that does not wait for answers is understood', async () => {
  const { told: said, bytes } = await found([
    a(Buffer.concat([GREETING.bytes, TO_NAME.bytes, Buffer.from('payload')])),
    b(Buffer.concat([NONE.bytes, GRANTED_V4.bytes, Buffer.from('reply')])),
  ]);
  expect(said.slice(1)).toEqual([
    'a: SOCKS5 greeting: none',
    'a: SOCKS5 CONNECT t.cn:80',
    'b: SOCKS5 method: none',
    'b: SOCKS5 succeeded',
  ]);
  expect(bytes).toEqual([7, 5]);
});

test('byte for byte it is the same', async () => {
  const whole = [GREETING, NONE, TO_NAME, GRANTED_V4];
  const single = whole.flatMap(({ who, bytes }) => [...bytes].map((byte) => ({ who, bytes: Buffer.of(byte) })));
  expect(await told(single)).toEqual(await told(whole));
});

test('BIND is answered twice, and UDP ASSOCIATE once', async () => {
  const bind = await told([GREETING, NONE, a(hex('05 02 00 01 00000000 0000')), GRANTED_V4, GRANTED_V4, b('hello')]);
  expect(bind.slice(3)).toEqual(['a: SOCKS5 BIND 0.0.0.0:0', 'b: SOCKS5 succeeded', 'b: SOCKS5 succeeded']);
  const udp = await told([GREETING, NONE, a(hex('05 03 00 01 00000000 0000')), GRANTED_V4]);
  expect(udp.slice(3)).toEqual(['a: SOCKS5 UDP ASSOCIATE 0.0.0.0:0', 'b: SOCKS5 succeeded']);
});

test('SOCKS4 has an address, and SOCKS4a a name', async () => {
  const four = await found([a(hex('04 01 0050 c0000201 6c697361 00')), b(hex('00 5a 0000 00000000')), a(REQUEST)]);
  expect(four.told).toEqual([
    'a: is socks4, by request',
    'a: SOCKS4 CONNECT 192.0.2.1:80',
    'b: SOCKS4 granted',
    'a: is http, by request',
    'a: GET /chat HTTP/1.1',
  ]);
  expect(await told([a(hex('04 01 0050 00000001 00 742e636e 00')), b(hex('00 5a 0000 00000000'))])).toEqual([
    'a: is socks4a, by request',
    'a: SOCKS4a CONNECT t.cn:80',
    'b: is socks4, by reply',
    'b: SOCKS4 granted',
  ]);
});

test('of the client alone its part is understood, and so is what follows', async () => {
  const all = await told([GREETING, lost(NONE), TO_NAME, lost(GRANTED_V4), a(REQUEST)]);
  expect(all.slice(1, 5)).toEqual([
    'a: SOCKS5 greeting: none',
    'a: SOCKS5 CONNECT t.cn:80',
    'a: is http, by request',
    'a: GET /chat HTTP/1.1',
  ]);
});

test('of the server alone its part is understood, and so is what follows', async () => {
  const { told: said, messages } = await found([
    lost(GREETING),
    NONE,
    lost(TO_NAME),
    GRANTED_V4,
    lost(a(REQUEST)),
    b(GRANTED),
    b(plain(Opcode.TEXT, 'hello')),
  ]);
  expect(said.filter((one) => one.startsWith('b'))).toEqual([
    'b: is socks5, by reply',
    'b: SOCKS5 method: none',
    'b: SOCKS5 succeeded',
    'b: is http, by response',
    'b: HTTP/1.1 101 Switching Protocols',
    'b: is websocket, by 101',
  ]);
  expect(texts(messages[1])).toEqual(['hello']);
});

test.each([
  [
    'a wrong version behind the greeting',
    [GREETING, NONE, a(hex('04 01 00 03 01'))],
    'expected version 5 of SOCKS, got 4',
  ],
  ['an address of no kind', [GREETING, NONE, a(hex('05 01 00 09 01'))], 'an address of type 9'],
])('%s is said with its place, and the rest is bytes', async (_name, talk, why) => {
  const { told: said, bytes } = await found([...talk, a('whatever')]);
  expect(said).toContain(`a: undecodable at 3: ${why}`);
  expect(bytes[0]).toBe(13);
});
