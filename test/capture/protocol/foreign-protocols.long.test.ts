import { once } from 'node:events';
import { createServer as createHttp, request, type Server as HttpServer } from 'node:http';
import { connect as connectH2, createServer as createH2 } from 'node:http2';
import { connect as connectTls, createServer as createTls } from 'node:tls';
import { expect, test } from 'vitest';
import { decode } from '../support/decode.ts';
import { pcapOf } from '../support/packets.ts';
import { Random } from '../support/random.ts';
import { portOf, Tap } from '../support/tapped.ts';
import { handshake } from '../support/tcp-packet.ts';
import { a, b, packetsOf, type Said } from '../support/websocket-talk.ts';

/** What is no WebSocket and no SOCKS, as real programs say it over loopback sockets. */

const random = new Random(1);

function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  random.fill(bytes);
  return bytes;
}

async function throughTls(): Promise<readonly Said[]> {
  // With a key that both know there is no certificate to be made.
  const key = Buffer.alloc(16, 7);
  const options = { ciphers: 'PSK', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
  const server = createTls({ ...options, pskCallback: () => key }, (socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const tap = new Tap(portOf(server));
  const port = await tap.listen();
  const client = connectTls({
    ...options,
    port,
    host: '127.0.0.1',
    pskCallback: () => ({ psk: key, identity: 'test' }),
    checkServerIdentity: () => undefined,
  });
  await once(client, 'secureConnect');
  for (let count = 0; count < 20; count += 1) {
    client.write(noise(1 + random.below(4000)));
    await once(client, 'data');
  }
  client.destroy();
  await once(client, 'close');
  await tap.close();
  server.close();
  await once(server, 'close');
  return tap.said;
}

async function throughHttp2(): Promise<readonly Said[]> {
  const server = createH2();
  server.on('stream', (stream) => {
    stream.respond({ ':status': 200 });
    stream.end(Buffer.alloc(5000));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const tap = new Tap(portOf(server));
  const port = await tap.listen();
  const client = connectH2(`http://127.0.0.1:${port}`);
  for (let count = 0; count < 5; count += 1) {
    const stream = client.request({ ':path': '/', ':method': 'POST' });
    stream.end(noise(300));
    stream.resume();
    await once(stream, 'close');
  }
  client.close();
  await once(client, 'close');
  await tap.close();
  server.close();
  await once(server, 'close');
  return tap.said;
}

async function throughHttp(respond: (server: HttpServer) => void): Promise<readonly Said[]> {
  const server = createHttp();
  respond(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const tap = new Tap(portOf(server));
  const port = await tap.listen();
  for (let count = 0; count < 3; count += 1) {
    const asked = request({ port, host: '127.0.0.1', method: 'POST', agent: false });
    asked.end(noise(20_000));
    const [response] = (await once(asked, 'response')) as [NodeJS.ReadableStream];
    response.resume();
    await once(response, 'end');
  }
  await tap.close();
  server.close();
  await once(server, 'close');
  return tap.said;
}

const SSH: readonly Said[] = [
  b('SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n'),
  a('SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n'),
  ...Array.from({ length: 40 }, (_, index) => {
    const packet = Buffer.concat([Buffer.from([0, 0, 2, 0, 6, index & 1 ? 94 : 20]), noise(510)]);
    return index % 2 === 0 ? a(packet) : b(packet);
  }),
];

const zeros = [a(Buffer.alloc(3000)), b(Buffer.alloc(3000))];
const pattern = (byte: number): readonly Said[] => [a(Buffer.alloc(3000, byte)), b(Buffer.alloc(3000, byte))];

const CASES: readonly [string, () => readonly Said[] | Promise<readonly Said[]>][] = [
  ['TLS', throughTls],
  ['HTTP/2', throughHttp2],
  [
    'HTTP with a length',
    () =>
      throughHttp((server) => {
        server.on('request', (_asked, response) => response.end(noise(50_000)));
      }),
  ],
  [
    'HTTP in chunks',
    () =>
      throughHttp((server) => {
        server.on('request', (_asked, response) => {
          for (let count = 0; count < 20; count += 1) response.write(noise(2000));
          response.end();
        });
      }),
  ],
  ['SSH', () => SSH],
  ['zeros', () => zeros],
  ['a pattern of 0x81', () => pattern(0x81)],
  ['a pattern of 0x82', () => pattern(0x82)],
  ['a pattern of 0x05', () => pattern(5)],
  ['lines of text', () => [a('a line of text\r\n'.repeat(90)), b('another one\r\n'.repeat(90))]],
];

/** In segments as a loopback interface never has them, but a network does. */
function segments(said: readonly Said[]): readonly Said[] {
  return said.flatMap(({ bytes, ...rest }) =>
    Array.from({ length: Math.ceil(bytes.length / 1448) }, (_, index) => ({
      ...rest,
      bytes: bytes.subarray(index * 1448, (index + 1) * 1448),
    })),
  );
}

test.each(CASES)('%s is no WebSocket and no SOCKS, from the beginning or the middle', async (_name, speak) => {
  const said = segments(await speak());
  expect(said.length).toBeGreaterThan(1);
  for (const skipped of [0, 1, 2, 3, 5, 8]) {
    const packets = packetsOf(said).slice(skipped);
    const { told, frames } = await decode(pcapOf(skipped === 0 ? [...handshake(), ...packets] : packets));
    expect(told.filter((one) => /socks|websocket|SOCKS|undecodable/.test(one))).toEqual([]);
    expect(frames).toEqual([[], []]);
  }
});
