import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { PacketSink } from '../../../harness/capture/captured-packet.ts';
import { readCapture, type CaptureForm } from '../../../harness/capture/read/read-capture.ts';
import { Decoded } from '../support/decode.ts';
import { pieces } from '../support/follow.ts';

/** The shape of what Chrome saves, with the fields that are not looked at left out. */
function har(entries: readonly unknown[]): Buffer {
  return Buffer.from(JSON.stringify({ log: { version: '1.2', creator: { name: 'WebInspector' }, entries } }));
}

const PAGE = { startedDateTime: '2026-01-02T03:04:05.000Z', request: { url: 'https://example.com/' } };
const CHAT = {
  startedDateTime: '2026-01-02T03:04:05.250Z',
  _resourceType: 'websocket',
  request: { method: 'GET', url: 'wss://chat.example.com/room?id=1' },
  response: { status: 101, headers: [{ name: 'Sec-WebSocket-Extensions', value: 'permessage-deflate' }] },
  _webSocketMessages: [
    { type: 'send', time: 1767323045.500001, opcode: 1, data: 'grüß' },
    { type: 'receive', time: 1767323046, opcode: 2, data: '/wABAg==' },
  ],
};

async function read(bytes: Uint8Array, chunkBytes = bytes.length): Promise<{ form: CaptureForm; decoded: Decoded }> {
  const decoded = new Decoded();
  const packets: PacketSink = { packet: () => undefined, note: () => undefined };
  const form = await readCapture(pieces(bytes, chunkBytes), packets, decoded);
  return { form, decoded };
}

test('a WebSocket of a HAR is a conversation of the browser', async () => {
  const { form, decoded } = await read(har([PAGE, CHAT]));
  expect(form).toEqual({ format: 'har', packing: null });
  expect(decoded.flows).toMatchObject([{ id: 1, client: 'browser', server: 'chat.example.com:443' }]);
  expect(decoded.told).toEqual([
    'a: is websocket, by HAR',
    'a: GET /room?id=1 HTTP/1.1',
    'b: is permessage-deflate, by extension',
    'b: 101',
  ]);
  const [a, b] = decoded.messages;
  expect(a).toMatchObject([{ type: 'text', payload: Buffer.from('grüß'), payloadBytes: 6 }]);
  expect(b).toMatchObject([{ type: 'binary', payload: Buffer.from([255, 0, 1, 2]), payloadBytes: 4 }]);
  expect(decoded.frames[0]).toMatchObject([{ opcode: 1, masked: true, payloadBytes: 6, seenBytes: 6 }]);
});

test.each([
  ['seconds', 1767323045.500001],
  ['milliseconds', 1767323045500.001],
])('the time of a message in %s is kept to the microsecond', async (_, time) => {
  const times: string[] = [];
  class Times extends Decoded {
    override message(...[flow, message, place]: Parameters<Decoded['message']>): void {
      times.push(`${place.seconds} ${place.nanoseconds}`);
      super.message(flow, message, place);
    }
  }
  const bytes = har([{ ...CHAT, _webSocketMessages: [{ type: 'send', time, opcode: 1, data: '' }] }]);
  await readCapture(pieces(bytes, 99), { packet: () => undefined, note: () => undefined }, new Times());
  expect(times).toEqual(['1767323045 500001000']);
});

test('the messages of our tunnel are found in a HAR', async () => {
  const request = { url: 'ws://127.0.0.1:8080/?host=t.cn&port=80' };
  const data = Buffer.from([0, 65, 66]).toString('base64');
  const entry = { request, _webSocketMessages: [{ type: 'send', time: 1, opcode: 2, data }] };
  const { decoded } = await read(har([entry]));
  expect(decoded.messages[0].map(({ protocol, type }) => `${protocol} ${type}`)).toEqual([
    'websocket binary',
    'tunnel data',
  ]);
  expect(decoded.flows[0]?.server).toBe('127.0.0.1:8080');
});

test('errors, control frames and broken base64 are told as what they are', async () => {
  const messages = [
    { type: 'error', time: 1, opcode: -1, data: 'Invalid frame header' },
    { type: 'receive', time: 1, opcode: 9, data: '' },
    { type: 'receive', time: 1, opcode: 2, data: 'no base64!' },
    { type: 'receive', time: 1, opcode: 8, data: '' },
  ];
  const { decoded } = await read(har([{ ...CHAT, response: undefined, _webSocketMessages: messages }]));
  expect(decoded.told.slice(2)).toEqual([
    'b: undecodable at 0: error: Invalid frame header',
    'b: undecodable at 0: a binary message that is no base64',
    'b: Close null ',
  ]);
  expect(decoded.frames[1].map(({ opcode }) => opcode)).toEqual([9, 2, 8]);
});

test('in small pieces, with a byte-order mark, or packed, it is the same', async () => {
  const bytes = har([CHAT]);
  const expected = (await read(bytes)).decoded.messages;
  const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf, 0x0a]), bytes]);
  expect((await read(marked, 7)).decoded.messages).toEqual(expected);
  const packed = await read(gzipSync(bytes), 50);
  expect(packed.form).toEqual({ format: 'har', packing: 'gzip' });
  expect(packed.decoded.messages).toEqual(expected);
});

test.each([
  ['{ "log": ', /^HAR is no JSON: .*JSON/],
  ['{"log":{}}', /^Wrong HAR at log.entries: Invalid input: expected array/],
  ['{"log":{"entries":[{},{}]}}', /^No WebSocket in the 2 entries of the HAR: expected one with _webSocketMessages/],
  [
    '{"log":{"entries":[{"_webSocketMessages":[]}]}}',
    /^Wrong entry 0 of the HAR at request: Invalid input: expected object/,
  ],
  [
    '{"log":{"entries":[{"request":{"url":"\\u001b"},"_webSocketMessages":[]}]}}',
    /^Wrong entry 0 of the HAR: expected the URL of a WebSocket, got \\x1b$/,
  ],
])('%s is refused', async (text, message) => {
  await expect(read(Buffer.from(text))).rejects.toThrow(expect.objectContaining({ code: 'CAPTURE_MALFORMED' }));
  await expect(read(Buffer.from(text))).rejects.toThrow(message);
});

test('who reads packets is told that a HAR has none', async () => {
  const reading = readCapture(pieces(har([CHAT]), 10), { packet: () => undefined, note: () => undefined });
  await expect(reading).rejects.toThrow('got JSON (a HAR has messages and no packets)');
});
