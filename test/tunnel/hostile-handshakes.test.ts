import { connect } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAll } from './support/read.ts';
import { connectThrough, socksRequest, startOrigin, startRig, type Rig } from './support/rig.ts';

/** A client that says these bytes and its end, reads whatever comes, and is done when it is hung up on. */
function say(port: number, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      resolve();
    });
    socket.resume();
    socket.end(bytes);
  });
}

/** A tunnel with credentials, so that every state of the handshake is there, and an origin that echoes. */
async function start(): Promise<{ rig: Rig; plain: Rig; port: number; handshake: Buffer }> {
  const port = await startOrigin((socket) => socket.pipe(socket));
  const server = { allow: [`127.0.0.1:${port}`], resolve: async () => [] };
  const rig = await startRig({ server, client: { credentials: { user: 'user', password: 'secret' } } });
  const plain = await startRig({ server });
  const { request } = socksRequest('127.0.0.1', port);
  const authentication = Buffer.from('\x01\x04user\x06secret');
  return { rig, plain, port, handshake: Buffer.concat([Buffer.of(5, 2, 0, 2), authentication, request]) };
}

async function expectFreed({ client, server }: Rig): Promise<void> {
  await expect.poll(() => [client.connections, server.connections]).toEqual([0, 0]);
}

/** What it did to others may not touch the next one. */
async function expectServed(rig: Rig, port: number): Promise<void> {
  const inbound = await connectThrough(rig.client.port, port);
  inbound.end('still there');
  expect((await readAll(inbound)).toString()).toBe('still there');
}

test('a handshake that is cut anywhere leaves nothing behind', async () => {
  const { rig, plain, port, handshake } = await start();
  for (let length = 0; length <= handshake.length; length += 1) {
    await say(rig.client.port, handshake.subarray(0, length));
    await say(plain.client.port, handshake.subarray(0, length));
  }
  const name = Buffer.concat([Buffer.of(5, 1, 0, 5, 1, 0, 3, 4), Buffer.from('t.cn'), Buffer.of(0, 80)]);
  for (let length = 0; length <= name.length; length += 1) await say(plain.client.port, name.subarray(0, length));
  await expectFreed(rig);
  await expectFreed(plain);
  await expectServed(plain, port);
  // All but the whole ones were refused.
  expect(rig.clientLog.ofKind('opened').length).toBe(1);
  expect(rig.clientLog.ofKind('refused').length).toBe(handshake.length);
});

test('ten thousand mutated handshakes leave nothing behind', { timeout: 60_000 }, async () => {
  const { rig, plain, port, handshake } = await start();
  const place = fc.nat({ max: handshake.length - 1 });
  const byte = fc.oneof(fc.constantFrom(0, 1, 2, 3, 4, 5, 127, 255), fc.nat({ max: 255 }));
  const mutation = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), place, byte }),
    fc.record({ kind: fc.constant('insert' as const), place, byte }),
    fc.record({ kind: fc.constant('cut out' as const), place, byte }),
    fc.record({ kind: fc.constant('append' as const), place, byte }),
  );
  const seed = 20_261_123;
  const all = fc.sample(fc.array(mutation, { minLength: 1, maxLength: 4 }), { numRuns: 10_000, seed });
  const queue = all.map((mutations, index) => {
    const bytes = [...handshake];
    for (const { kind, place, byte } of mutations) {
      if (kind === 'set') bytes[place] = byte;
      else if (kind === 'insert') bytes.splice(place, 0, byte);
      else if (kind === 'cut out') bytes.splice(place, 1 + (byte % 8));
      else bytes.push(...Buffer.alloc(byte, place));
    }
    return { to: index % 2 === 0 ? rig : plain, bytes: Buffer.from(bytes) };
  });
  const worker = async (): Promise<void> => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) await say(next.to.client.port, next.bytes);
  };
  await Promise.all(Array.from({ length: 32 }, worker));
  await expectFreed(rig);
  await expectFreed(plain);
  await expectServed(plain, port);
  const outcomes = [rig, plain].map(({ clientLog }) => {
    return clientLog.ofKind('opened').length + clientLog.ofKind('refused').length;
  });
  expect(outcomes).toEqual([5000, 5001]);
});
