import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { readAll } from '../tunnel/support/read.ts';
import { open, startOrigin, startPlayedOrigin } from '../tunnel/support/rig.ts';
import { endOf, errorOf, heard, startRig, startTalk, type Rig } from './support.ts';

/** What one side does, the other sees as it would without a tap. Real sockets on loopback. */

test('the client ends its direction, and still hears all that the target says', async () => {
  const rig = await startTalk();
  const { client, server } = rig;
  client.end('request');
  expect((await readAll(server)).toString()).toBe('request');
  server.write('first');
  await heard(client, 'first');
  expect(client.readableEnded).toBe(false);
  server.end('last');
  expect((await readAll(client)).toString()).toBe('last');
  expect(await endOf(rig)).toEqual({ end: 'completed', message: 'both sides ended' });
});

test('the target ends its direction, and still hears all that the client says', async () => {
  const rig = await startTalk();
  const { client, server } = rig;
  server.end('greeting');
  expect((await readAll(client)).toString()).toBe('greeting');
  client.write('still');
  await heard(server, 'still');
  expect(server.readableEnded).toBe(false);
  client.end(' talking');
  expect((await readAll(server)).toString()).toBe(' talking');
  expect(await endOf(rig)).toEqual({ end: 'completed', message: 'both sides ended' });
});

test.each(['client', 'target'] as const)('a reset by the %s reaches the other side as a reset', async (side) => {
  const rig = await startTalk();
  const { client, server } = rig;
  const [one, other] = side === 'client' ? [client, server] : [server, client];
  one.write('before');
  await heard(other, 'before');
  const seen = errorOf(other);
  one.resetAndDestroy();
  expect(await seen).toBe('ECONNRESET');
  const [a, b] = side === 'client' ? ['a', 'b'] : ['b', 'a'];
  expect(await endOf(rig)).toEqual({
    end: 'STREAM_FAILED',
    message: `${a} reset the connection (ECONNRESET); ${b} was reset in turn`,
  });
});

test.each(['client', 'target'] as const)(
  'a reset by the %s after it has ended its direction is a reset',
  async (side) => {
    const rig = await startTalk();
    const { client, server } = rig;
    const [one, other] = side === 'client' ? [client, server] : [server, client];
    const ended = once(other, 'end');
    other.resume();
    one.end('that is all');
    await ended;
    const seen = errorOf(other);
    one.resetAndDestroy();
    // Who has ended does not read any more: the reset shows when something is sent to it.
    const again = setInterval(() => void other.write('more'), 5);
    expect(await seen).toMatch(/^(?:ECONNRESET|EPIPE)$/);
    clearInterval(again);
    expect((await endOf(rig)).end).toBe('STREAM_FAILED');
  },
);

test('a reset while nothing is read yet by the target comes after the bytes', async () => {
  const rig = await startTalk();
  const { client, server } = rig;
  server.pause();
  client.write('unread');
  await expect.poll(() => rig.tap.status.snapshot().aToB).toBe(6);
  client.resetAndDestroy();
  expect(await errorOf(server)).toBe('ECONNRESET');
});

test('what ends while the target is still being dialled is a reset for the target, too', async () => {
  const { port, accepted } = await startPlayedOrigin();
  const rig: Rig = await startRig(port, {
    onEvent: ({ kind }) => {
      // Nothing has come back from the dialling yet; the target's system will have accepted all the same.
      if (kind === 'opened') queueMicrotask(() => void rig.tap.close());
    },
  });
  const client = connect(rig.tap.port, '127.0.0.1');
  const seen = errorOf(client);
  expect(await errorOf(await accepted)).toBe('ECONNRESET');
  expect(await seen).toBe('ECONNRESET');
  expect((await endOf(rig)).end).toBe('ABORTED');
});

test('a target that refuses is a reset for the client', async () => {
  const { port } = await startRig(1).then(async ({ tap }) => {
    const { port: free } = tap;
    await tap.close();
    return { port: free };
  });
  const rig = await startRig(port);
  const client = await open(rig.tap.port);
  expect(await errorOf(client)).toBe('ECONNRESET');
  expect(await endOf(rig)).toEqual({
    end: 'TAP_TARGET_UNREACHABLE',
    message: `127.0.0.1:${port} was not reached (ECONNREFUSED); a was reset`,
  });
});

test('a target whose name has no address is a reset for the client', async () => {
  const rig = await startRig(80, { target: { host: 'no-such-name.invalid', port: 80 } });
  const client = await open(rig.tap.port);
  expect(await errorOf(client)).toBe('ECONNRESET');
  expect((await endOf(rig)).end).toBe('TAP_TARGET_UNREACHABLE');
});

test('a slow reader holds up its sender, and loses nothing', async () => {
  const sent = Buffer.alloc(64 * 1024 * 1024, 'a line of text\n');
  const rig = await startTalk();
  const { client, server } = rig;
  client.pause();
  server.end(sent);
  // Buffers on the way are bounded: long before it is all through, everybody waits for the reader.
  let moved = -1;
  await expect
    .poll(() => {
      const before = moved;
      moved = rig.tap.status.snapshot().bToA;
      return moved > 0 && moved === before;
    })
    .toBe(true);
  expect(moved).toBeLessThan(sent.length);
  const all = readAll(client);
  client.resume();
  expect((await all).equals(sent)).toBe(true);
  client.end();
  expect((await endOf(rig)).end).toBe('completed');
});

test('more connections than allowed are reset, and the others go on', async () => {
  const port = await startOrigin((socket) => socket.pipe(socket));
  const rig = await startRig(port, { maxConnections: 2 });
  const [first, second] = [await open(rig.tap.port), await open(rig.tap.port)];
  for (const client of [first, second]) {
    client.write('there');
    await heard(client, 'there');
  }
  const third = connect(rig.tap.port, '127.0.0.1');
  expect(await errorOf(third)).toBe('ECONNRESET');
  expect(rig.events.at(-1)).toEqual({
    kind: 'refused',
    a: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string,
    maxConnections: 2,
  });
  first.write('still');
  await heard(first, 'still');
  first.end();
  await endOf(rig, 1);
  const fourth = await open(rig.tap.port);
  fourth.write('room');
  await heard(fourth, 'room');
});

test('two hundred connections at once come through, each with its note', async () => {
  const port = await startOrigin((socket) => socket.pipe(socket));
  const rig = await startRig(port);
  const clients = await Promise.all(Array.from({ length: 200 }, () => open(rig.tap.port)));
  const texts = await Promise.all(
    clients.map(async (client, i) => {
      client.end(`number ${i}`);
      return (await readAll(client)).toString();
    }),
  );
  expect(texts).toEqual(clients.map((_, i) => `number ${i}`));
  await expect.poll(() => rig.tap.connections).toBe(0);
  const opened = rig.notes.filter(({ closedMs }) => closedMs === undefined);
  const closed = rig.notes.filter(({ end }) => end === 'completed');
  expect([opened.length, closed.length, new Set(closed.map(({ a }) => a)).size]).toEqual([200, 200, 200]);
  expect(closed.map(({ connection }) => connection).toSorted((x, y) => x - y)).toEqual(
    Array.from({ length: 200 }, (_, i) => i + 1),
  );
  expect(rig.tap.status.snapshot()).toMatchObject({ open: 0, ended: 200, aToB: 1890, bToA: 1890 });
});

test('closing the tap resets what is still open', async () => {
  const rig = await startTalk();
  const seen = [errorOf(rig.client), errorOf(rig.server)];
  await rig.tap.close();
  expect(await Promise.all(seen)).toEqual(['ECONNRESET', 'ECONNRESET']);
  expect(await endOf(rig)).toEqual({ end: 'ABORTED', message: 'the tap was stopped; both sides were reset' });
});

test('a reader that does not read holds up its connection, and is told of before those that are only quiet', async () => {
  const { port, accepted } = await startPlayedOrigin();
  const rig = await startRig(port);
  const client = await open(rig.tap.port);
  const server = await accepted;
  client.pause();
  const idle = await open(rig.tap.port);
  idle.resume();
  server.write(Buffer.alloc(64 * 1024 * 1024));
  await expect.poll(() => rig.tap.status.snapshot().quiet.length, { timeout: 10_000 }).toBe(2);
  const [first, second] = rig.tap.status.snapshot().quiet;
  expect(first).toMatchObject({
    connection: 1,
    isHeldUp: true,
    waits: [
      expect.stringMatching(/^a -> b waits for a to send, since /),
      expect.stringMatching(/^b -> a waits for a to take more, since /),
    ],
  });
  expect(second).toMatchObject({ connection: 2, isHeldUp: false });
});
