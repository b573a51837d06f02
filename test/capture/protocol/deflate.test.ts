import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer, type PerMessageDeflateOptions } from 'ws';
import { decode, type Decoded } from '../support/decode.ts';
import { pcapOf } from '../support/packets.ts';
import { portOf, Tap } from '../support/tapped.ts';
import { handshake } from '../support/tcp-packet.ts';
import { a, b, found, GRANTED, lost, packetsOf, plain, REQUEST, texts, type Said } from '../support/websocket-talk.ts';

const MESSAGES = [
  '{"kind":"order","id":1,"name":"apple"}',
  '{"kind":"order","id":2,"name":"apple"}',
  '',
  '{"kind":"order","id":3,"name":"pear"}',
  'a line that says the same. '.repeat(3000),
  '{"kind":"order","id":4,"name":"apple"}',
  `${'x'.repeat(40_000)}{"kind":"order","id":1,"name":"apple"}`,
  '{"kind":"order","id":5,"name":"apple"}',
];

/** What an echo over real sockets said, with these settings. */
async function echoed(options: PerMessageDeflateOptions): Promise<readonly Said[]> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: { threshold: 0, ...options } });
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer, isBinary) => {
      socket.send(data, { binary: isBinary });
    });
  });
  await once(server, 'listening');
  const tap = new Tap(portOf(server));
  const port = await tap.listen();
  const client = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: { threshold: 0, ...options } });
  await once(client, 'open');
  for (const message of MESSAGES) {
    client.send(message);
    await once(client, 'message');
  }
  client.close(1000, 'done');
  await once(client, 'close');
  await tap.close();
  server.close();
  await once(server, 'close');
  return tap.said;
}

/** In segments that an IP packet holds. */
function decodeSaid(said: readonly Said[]): Promise<Decoded> {
  const segments = said.flatMap(({ bytes, ...rest }) =>
    Array.from({ length: Math.ceil(bytes.length / 1400) }, (_, index) => ({
      ...rest,
      bytes: bytes.subarray(index * 1400, (index + 1) * 1400),
    })),
  );
  return decode(pcapOf([...handshake(), ...packetsOf(segments)]));
}

test.each<[string, PerMessageDeflateOptions]>([
  ['no settings', {}],
  ['no context of the server', { serverNoContextTakeover: true }],
  ['no context of the client', { clientNoContextTakeover: true }],
  ['no context at all', { serverNoContextTakeover: true, clientNoContextTakeover: true }],
  ['windows of 2^9', { serverMaxWindowBits: 9, clientMaxWindowBits: 9 }],
  ['windows of 2^12 and 2^10', { serverMaxWindowBits: 12, clientMaxWindowBits: 10 }],
  ['windows of 2^15', { serverMaxWindowBits: 15, clientMaxWindowBits: 15 }],
  [
    'the smallest windows, without context',
    { serverMaxWindowBits: 9, clientMaxWindowBits: 9, serverNoContextTakeover: true, clientNoContextTakeover: true },
  ],
])('messages of ws with %s are inflated', async (_name, options) => {
  const { messages, told } = await decodeSaid(await echoed(options));
  expect(messages.map(texts)).toEqual([MESSAGES, MESSAGES]);
  expect(messages.flat().every(({ deflated }) => deflated)).toBe(true);
  expect(told).toContain('b: is permessage-deflate, by extension');
  expect(told.filter((one) => one.includes('undecodable'))).toEqual([]);
});

/** Whatever is lost: what is given is right, and what is not is said. */
test('behind a gap, only what refers to lost messages is lost, and that is said', async () => {
  const said = await echoed({});
  const firstFrame = said.findIndex(({ who, bytes }) => who === 'b' && bytes[0] !== 0x48);
  let known = 0;
  for (let index = firstFrame; index < said.length - 2; index += 1) {
    const { messages, told } = await decodeSaid(said.map((one, at) => (at === index ? lost(one) : one)));
    for (const direction of [0, 1] as const) {
      const given = messages[direction];
      expect(given.length).toBeGreaterThanOrEqual(MESSAGES.length - 1);
      const offset = MESSAGES.length - given.length;
      for (const [at, text] of texts(given).entries()) {
        if (text === null) continue;
        known += 1;
        expect([MESSAGES[at], MESSAGES[at + offset]]).toContain(text);
      }
    }
    const unknown = messages.flat().filter(({ payload }) => payload === null).length;
    const reasons = told.filter((one) => one.endsWith('a compressed message that refers to one that is not known'));
    // Of a message that was cut by the gap itself, the gap says it.
    expect(reasons.length).toBeGreaterThanOrEqual(unknown - 1);
  }
  expect(known).toBeGreaterThan(100);
});

test('without context, a gap costs no other message', async () => {
  const said = await echoed({ serverNoContextTakeover: true, clientNoContextTakeover: true });
  const second = said.findIndex(({ who, bytes }, index) => index > 5 && who === 'a' && bytes.length > 0);
  const { messages } = await decodeSaid(said.map((one, at) => (at === second ? lost(one) : one)));
  expect(texts(messages[1])).toEqual(MESSAGES);
  expect(messages[0].length).toBe(MESSAGES.length - 1);
  expect(texts(messages[0])).not.toContain(null);
});

/** RFC 7692, section 7.2.3: the examples. */
test.each([
  ['7.2.3.1', ['f248cdc9c90700'], ['Hello']],
  ['7.2.3.2, with the context', ['f248cdc9c90700', 'f200110000'], ['Hello', 'Hello']],
  ['7.2.3.3, not compressed', ['000500faff48656c6c6f00'], ['Hello']],
  ['7.2.3.4, with BFINAL', ['f348cdc9c9070000'], ['Hello']],
  ['7.2.3.5, in two blocks', ['f248050000 00ffffcac9c90700'], ['Hello']],
  ['7.2.3.6, without a byte', ['00'], ['']],
])('the example of RFC 7692, %s', async (_name, payloads, expected) => {
  const frames = payloads.map((hex) => b(plain(1, Buffer.from(hex.replaceAll(' ', ''), 'hex'), { rsv: 4 })));
  const { messages, told } = await found([a(REQUEST), b(GRANTED), ...frames]);
  expect(texts(messages[1])).toEqual(expected);
  expect(told.at(-1)).toBe('b: is permessage-deflate, by a compressed message');
});

test('a compressed message that is damaged is said, and those that follow without it are inflated', async () => {
  const compressed = (hex: string): Said => b(plain(1, Buffer.from(hex, 'hex'), { rsv: 4 }));
  const { messages, told } = await found([
    a(REQUEST),
    b(GRANTED),
    compressed('f248cdc9c90700'),
    compressed('ffffffffff'),
    compressed('f200110000'),
    compressed('f248cdc9c90700'),
    compressed('f200110000'),
  ]);
  expect(texts(messages[1])).toEqual(['Hello', null, null, 'Hello', 'Hello']);
  expect(told.filter((one) => one.includes('undecodable'))).toEqual([
    'b: undecodable at 86: a compressed message that is damaged: invalid block type',
    'b: undecodable at 93: a compressed message that refers to one that is not known',
  ]);
});
