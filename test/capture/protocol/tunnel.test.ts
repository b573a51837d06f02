import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startTunnelClient } from '../../../harness/tunnel/tunnel-client.ts';
import { startTunnelServer } from '../../../harness/tunnel/tunnel-server.ts';
import { closeLater, connectThrough, startOrigin, TOKEN } from '../../tunnel/support/rig.ts';
import { Tap } from '../support/tapped.ts';
import { a, b, found, GRANTED, masked, plain, REQUEST, texts } from '../support/websocket-talk.ts';

const ANSWER = 'HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n';

/** The system of the story, tapped in front of the tunnel and within it. */
test('the tunnel is read from both of its ends', async () => {
  const origin = await startOrigin((socket) => {
    socket.once('data', () => socket.end(ANSWER));
  });
  const server = await startTunnelServer({ token: TOKEN });
  const inner = new Tap(server.port);
  const client = await startTunnelClient({ token: TOKEN, server: `ws://127.0.0.1:${await inner.listen()}` });
  const outer = new Tap(client.port);
  const port = await outer.listen();
  closeLater(async () => {
    await outer.close();
    await client.close();
    await inner.close();
    await server.close();
  });
  const socket = await connectThrough(port, origin);
  socket.write('GET / HTTP/1.1\r\nHost: t.cn\r\n\r\n');
  socket.resume();
  await once(socket, 'end');
  socket.end();
  await once(socket, 'close');
  await expect.poll(() => inner.said.length).toBeGreaterThan(6);

  const front = await found(outer.said);
  expect(front.told).toEqual([
    'a: is socks5, by request',
    'a: SOCKS5 greeting: none',
    `a: SOCKS5 CONNECT 127.0.0.1:${origin}`,
    'b: SOCKS5 method: none',
    'b: SOCKS5 succeeded',
    'a: is http, by request',
    'a: GET / HTTP/1.1',
    'b: HTTP/1.1 302 Found',
  ]);

  const { messages, told } = await found(inner.said);
  expect(told).toContain('a: is tunnel, by the request');
  const inside = messages.map((side) =>
    side.filter(({ protocol }) => protocol === 'tunnel').map(({ type, payload }) => [type, String(payload)]),
  );
  expect(inside).toEqual([
    [
      ['data', 'GET / HTTP/1.1\r\nHost: t.cn\r\n\r\n'],
      ['end', ''],
    ],
    [
      ['data', ANSWER],
      ['end', ''],
    ],
  ]);
  expect(told.filter((one) => one.includes('undecodable'))).toEqual([]);
});

test('a message of the tunnel of a kind that is not known is said, and the rest goes on', async () => {
  const request = REQUEST.replace('/chat', '/?host=t.cn&port=80');
  const { messages, told } = await found([
    a(request),
    b(GRANTED),
    a(masked(2, '\0data')),
    a(masked(2, '\x09what')),
    b(plain(2, '\x02a reason')),
  ]);
  expect(told.filter((one) => one.includes('undecodable'))).toEqual([
    'a: undecodable at 174: a message of the tunnel of kind 9',
  ]);
  const tunnel = messages.map((side) => side.filter(({ protocol }) => protocol === 'tunnel'));
  expect(tunnel.map(texts)).toEqual([['data'], ['a reason']]);
  expect(tunnel[1]).toMatchObject([{ type: 'abort' }]);
});
