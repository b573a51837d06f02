import { describe, expect, test } from 'vitest';
import { destroyed } from '../../harness/tunnel/linger.ts';
import { endOf, readAll, readBytes } from './support/read.ts';
import { connectThrough, open, socksRequest, startOrigin, startPlayedOrigin, startRig } from './support/rig.ts';

describe('ends', () => {
  test('the client ends first, and the answer still comes', async () => {
    const rig = await startRig();
    const { port, accepted } = await startPlayedOrigin();
    const inbound = await connectThrough(rig.client.port, port);
    const target = await accepted;
    inbound.end('question');
    expect((await readAll(target)).toString()).toBe('question');
    // Both FINs have crossed; only now is there an answer.
    target.end('answer');
    expect((await readAll(inbound)).toString()).toBe('answer');
    expect(await rig.clientLog.nth('ended')).toMatchObject({ counts: { aToB: 8, bToA: 6 }, failure: null });
    expect(await rig.serverLog.nth('ended')).toMatchObject({ counts: { aToB: 8, bToA: 6 }, failure: null });
  });

  test('the target ends first, and the client can go on sending', async () => {
    const rig = await startRig();
    const { port, accepted } = await startPlayedOrigin();
    const inbound = await connectThrough(rig.client.port, port);
    const target = await accepted;
    target.end('greeting');
    expect((await readAll(inbound)).toString()).toBe('greeting');
    inbound.end('late words');
    expect((await readAll(target)).toString()).toBe('late words');
    expect((await rig.clientLog.nth('ended')).failure).toBeNull();
  });

  test('what was written before the end arrives before it, however much it is', async () => {
    const rig = await startRig();
    const sent = Buffer.alloc(3_000_000, 'x');
    const port = await startOrigin((socket) => {
      socket.end(sent);
    });
    const inbound = await connectThrough(rig.client.port, port);
    expect((await readAll(inbound)).equals(sent)).toBe(true);
  });

  test('everything is freed when both directions have ended', async () => {
    const rig = await startRig();
    const port = await startOrigin((socket) => socket.pipe(socket));
    const inbound = await connectThrough(rig.client.port, port);
    inbound.end('echo');
    expect((await readAll(inbound)).toString()).toBe('echo');
    await rig.clientLog.nth('ended');
    await expect.poll(() => [rig.client.connections, rig.server.connections]).toEqual([0, 0]);
  });
});

describe('a reset', () => {
  test('by the target is a reset for the client', async () => {
    const rig = await startRig();
    const { port, accepted } = await startPlayedOrigin();
    const inbound = await connectThrough(rig.client.port, port);
    const end = endOf(inbound);
    (await accepted).resetAndDestroy();
    expect(await end).toBe('ECONNRESET');
    expect((await rig.serverLog.nth('ended')).failure?.causes).toContain('ECONNRESET');
    expect((await rig.clientLog.nth('ended')).failure?.causes).toEqual(['TUNNEL_ABORTED']);
  });

  test('by the client is a reset for the target', async () => {
    const rig = await startRig();
    const { port, accepted } = await startPlayedOrigin();
    const inbound = await connectThrough(rig.client.port, port);
    const end = endOf(await accepted);
    inbound.resetAndDestroy();
    expect(await end).toBe('ECONNRESET');
    expect((await rig.serverLog.nth('ended')).failure?.causes).toEqual(['TUNNEL_ABORTED']);
  });

  test('after one direction has ended is still a reset', async () => {
    const rig = await startRig();
    const { port, accepted } = await startPlayedOrigin();
    const inbound = await connectThrough(rig.client.port, port);
    const target = await accepted;
    inbound.end('question');
    await readAll(target);
    const end = endOf(inbound);
    target.resetAndDestroy();
    expect(await end).toBe('ECONNRESET');
  });

  test('comes out of the other side when the tunnel server is closed', async () => {
    const rig = await startRig();
    const { port, accepted } = await startPlayedOrigin();
    const inbound = await connectThrough(rig.client.port, port);
    const ends = [endOf(inbound), endOf(await accepted)];
    await rig.server.close();
    expect(await Promise.all(ends)).toEqual(['ECONNRESET', 'ECONNRESET']);
    expect((await rig.serverLog.nth('ended')).failure?.code).toBe('ABORTED');
    expect(rig.server.connections).toBe(0);
  });
});

describe('bytes that come early', () => {
  test('in the same segment as the whole handshake reach the target', async () => {
    const rig = await startRig();
    const port = await startOrigin((socket) => socket.pipe(socket));
    const inbound = await open(rig.client.port);
    const { greeting, request } = socksRequest('127.0.0.1', port);
    inbound.end(Buffer.concat([greeting, request, Buffer.from('early')]));
    await readBytes(inbound, 12);
    expect((await readAll(inbound)).toString()).toBe('early');
  });

  test('with the end right behind the request is an end and no cut', async () => {
    const rig = await startRig();
    const port = await startOrigin((socket) => socket.pipe(socket));
    const inbound = await open(rig.client.port);
    const { greeting, request } = socksRequest('127.0.0.1', port);
    inbound.end(Buffer.concat([greeting, request]));
    await readBytes(inbound, 12);
    expect((await readAll(inbound)).toString()).toBe('');
    expect((await rig.clientLog.nth('ended')).failure).toBeNull();
  });

  test('from a target that speaks first reach the client', async () => {
    const rig = await startRig();
    const port = await startOrigin((socket) => {
      socket.end('220 hello');
    });
    const inbound = await connectThrough(rig.client.port, port);
    expect((await readAll(inbound)).toString()).toBe('220 hello');
  });
});

describe('dialOnFirstByte', () => {
  test('opens the tunnel only when the first bytes have come, which the first poll then finds', async () => {
    const rig = await startRig({ client: { dialOnFirstByte: true } });
    const port = await startOrigin((socket) => socket.pipe(socket));
    const inbound = await connectThrough(rig.client.port, port);
    expect(rig.serverLog.events).toEqual([]);
    inbound.end('first');
    expect((await readAll(inbound)).toString()).toBe('first');
    expect((await rig.clientLog.nth('ended')).failure).toBeNull();
  });

  test('opens it after a while for those who wait until the target has spoken', async () => {
    const rig = await startRig({ client: { dialOnFirstByte: true, handshakeTimeoutMs: 20 } });
    const port = await startOrigin((socket) => {
      socket.end('220 hello');
    });
    const inbound = await connectThrough(rig.client.port, port);
    expect((await readAll(inbound)).toString()).toBe('220 hello');
  });

  test('tells a refusal by a reset, for success was said already', async () => {
    const rig = await startRig({ client: { dialOnFirstByte: true } });
    const inbound = await connectThrough(rig.client.port, 1);
    const end = endOf(inbound);
    inbound.write('first');
    expect(await end).toBe('ECONNRESET');
  });
});

test('a relay of somebody else that closes nothing leaves nothing open', async () => {
  const counts = { aToB: 0, bToA: 0 };
  const rig = await startRig({ client: { relay: async () => counts }, server: { relay: async () => counts } });
  const { port, accepted } = await startPlayedOrigin();
  const inbound = await connectThrough(rig.client.port, port);
  const ends = await Promise.all([endOf(inbound), endOf(await accepted)]);
  expect(ends.filter((end) => !/^(end|ECONNRESET)$/.test(end))).toEqual([]);
  await expect.poll(() => [rig.client.connections, rig.server.connections]).toEqual([0, 0]);
});

test('a relay that does not stop when it is told to is left behind, and its sockets are freed', async () => {
  let stop: () => void = () => undefined;
  const stuck = new Promise<{ aToB: number; bToA: number }>((resolve) => {
    stop = () => {
      resolve({ aToB: 0, bToA: 0 });
    };
  });
  const rig = await startRig({ client: { relay: () => stuck } });
  const { port, accepted } = await startPlayedOrigin();
  const inbound = await connectThrough(rig.client.port, port);
  const ends = [endOf(inbound), endOf(await accepted)];
  await rig.client.close();
  expect((await rig.clientLog.nth('ended')).failure?.code).toBe('TUNNEL_CANCELLED');
  await Promise.all(ends);
  stop();
});

test('close frees connections in every state, and may be called again', async () => {
  const rig = await startRig();
  const { port, accepted } = await startPlayedOrigin();
  const [silent, half, relayed] = await Promise.all([
    open(rig.client.port),
    open(rig.client.port),
    connectThrough(rig.client.port, port),
  ]);
  half.write(Buffer.of(5, 1, 0));
  await readBytes(half, 2);
  await accepted;
  expect(rig.client.connections).toBe(3);
  const ends = [silent, half, relayed].map(endOf);
  await Promise.all([rig.client.close(), rig.client.close()]);
  expect(rig.client.connections).toBe(0);
  expect((await Promise.all(ends)).filter((end) => !/end|ECONNRESET/.test(end))).toEqual([]);
  await destroyed(silent);
});
