import { expect, test } from 'vitest';
import { Opcode } from '../../../harness/faults/websocket/wire/frame.ts';
import { a, b, found, GRANTED, lost, masked, plain, REQUEST, texts, type Said } from '../support/websocket-talk.ts';

const FRAMES = [a(masked(Opcode.TEXT, 'hello')), b(plain(Opcode.TEXT, 'world'))];
const WEBSOCKET: readonly Said[] = [a(REQUEST), b(GRANTED), ...FRAMES];

/** Whatever comes before, the WebSocket behind it is found. */
test.each<[string, readonly Said[]]>([
  ['a request and its response', [a('GET / HTTP/1.1\r\n\r\n'), b('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello')]],
  [
    'a request with a body, and a response in chunks',
    [
      a('POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\nGET / HTTP/'),
      b('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n'),
      b('1\r\n!\r\n0\r\nTrailer: 1\r\n\r\n'),
    ],
  ],
  [
    'a response that may not change',
    [a('GET / HTTP/1.1\r\n\r\n'), b('HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n')],
  ],
  ['a response to HEAD', [a('HEAD / HTTP/1.1\r\n\r\n'), b('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n')]],
  [
    'two requests at once',
    [
      a('HEAD / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n'),
      b('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
    ],
  ],
  [
    'a response that is announced',
    [
      a('POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n'),
      b('HTTP/1.1 100 Continue\r\n\r\n'),
      a('x'),
      b('HTTP/1.1 204 No Content\r\n\r\n'),
    ],
  ],
  ['an upgrade that is refused', [a(REQUEST), b('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno')]],
  [
    'an upgrade that needs another version',
    [a(REQUEST), b('HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n')],
  ],
  [
    'a proxy that is asked twice',
    [
      a('CONNECT t.test:80 HTTP/1.1\r\n\r\n'),
      b('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n\r\nno'),
      a('CONNECT t.test:80 HTTP/1.1\r\nProxy-Authorization: Basic Og==\r\n\r\n'),
      b('HTTP/1.1 200 Connection established\r\nContent-Type: text/plain\r\n\r\n'),
    ],
  ],
])('%s before the upgrade', async (_name, before) => {
  const { messages, told } = await found([...before, ...WEBSOCKET]);
  expect(messages.map(texts)).toEqual([['hello'], ['world']]);
  expect(told.filter((one) => one.includes('undecodable'))).toEqual([]);
  expect(told.filter((one) => one.includes('is websocket'))).toEqual(['b: is websocket, by 101']);
});

test('an upgrade that is refused for good is no WebSocket', async () => {
  const { told, frames } = await found([a(REQUEST), b('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno')]);
  expect(told.filter((one) => one.includes('websocket'))).toEqual([]);
  expect(frames).toEqual([[], []]);
});

test('a gap within a body costs nothing but its bytes', async () => {
  const { messages, told } = await found([
    a('GET / HTTP/1.1\r\n\r\n'),
    b('HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\nhello'),
    lost(b('there')),
    b('world'),
    ...WEBSOCKET,
  ]);
  expect(messages.map(texts)).toEqual([['hello'], ['world']]);
  expect(told.filter((one) => one.includes('undecodable'))).toEqual([]);
});

test('a gap within a head is said, and the WebSocket is known by the other side', async () => {
  const [request, response] = [Buffer.from(REQUEST), Buffer.from(GRANTED)];
  const { messages, told } = await found([
    a(request.subarray(0, 20)),
    lost(a(request.subarray(20))),
    b(response),
    a(masked(Opcode.BINARY, Buffer.from([1, 2, 3, 0xff]))),
    a(masked(Opcode.BINARY, Buffer.from([4, 5, 6, 0xff]))),
  ]);
  expect(messages[0].map(({ payload }) => payload?.[0])).toEqual([1, 4]);
  expect(told).toContain('a: undecodable at 0: a handshake with a gap in it');
});

test.each([
  ['a chunk without a length', 'Transfer-Encoding: chunked\r\n\r\nnothing\r\n', 'a chunk without a length'],
  ['a head that never ends', `X: ${'x'.repeat(70_000)}`, 'a head of more than 65536 bytes'],
  ['a head that is cut', 'Content-Le', 'a head without its end'],
])('%s is said', async (_name, rest, why) => {
  const { told } = await found([
    a('GET / HTTP/1.1\r\n\r\n'),
    b(`HTTP/1.1 200 OK\r\n${rest.slice(0, 60_000)}`),
    b(rest.slice(60_000)),
  ]);
  expect(told.at(-1)).toMatch(new RegExp(`^b: undecodable at \\d+: ${why}$`));
});
