import { once } from 'node:events';
import type { Socket } from 'node:net';
import { isNode22 } from '../is-node-22.ts';
import { describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { relayOf } from '../../harness/tunnel/relay.ts';
import { DEFAULT_MAX_MESSAGE_BYTES, HIGH_WATER_BYTES } from '../../harness/tunnel/tunnel-limits.ts';
import { systemClock } from '../../src/poll/clock.ts';
import { endOf, readAll } from './support/read.ts';
import { connectThrough, startOrigin, startPlayedOrigin, startRig } from './support/rig.ts';
import { transferBothWays } from './support/transfer.ts';

const MIB = 1024 * 1024;

test('16 MiB each way at once arrive as they were sent', async () => {
  const rig = await startRig();
  const { sent, received } = await transferBothWays(rig, 16 * MIB);
  expect(received).toEqual(sent);
  expect(sent.map(({ bytes }) => bytes)).toEqual([16 * MIB, 16 * MIB]);
});

test('200 connections at once each get their own bytes back, and all are freed', async () => {
  const rig = await startRig();
  const port = await startOrigin((socket) => socket.pipe(socket));
  const all = Array.from({ length: 200 }, async (_, index) => {
    const inbound = await connectThrough(rig.client.port, port);
    const sent = Buffer.alloc(10_000, `connection ${index};`);
    inbound.end(sent);
    return (await readAll(inbound)).equals(sent);
  });
  expect(await Promise.all(all)).toEqual(all.map(() => true));
  await expect.poll(() => [rig.client.connections, rig.server.connections]).toEqual([0, 0]);
  expect(rig.clientLog.ofKind('ended').filter(({ failure }) => failure !== null)).toEqual([]);
});

test('200 connections that are reset in the middle are freed', async () => {
  const rig = await startRig();
  const port = await startOrigin((socket) => socket.pipe(socket));
  const all = await Promise.all(Array.from({ length: 200 }, () => connectThrough(rig.client.port, port)));
  for (const inbound of all) inbound.write(Buffer.alloc(100_000));
  for (const inbound of all) inbound.resetAndDestroy();
  await expect.poll(() => [rig.client.connections, rig.server.connections], { timeout: 10_000 }).toEqual([0, 0]);
  expect(rig.clientLog.ofKind('ended').length).toBe(200);
});

describe('an end that does not read', () => {
  const CHUNK = Buffer.alloc(64 * 1024);
  const OFFERED = 256 * MIB;
  /** What the kernel's own buffers on three connections may take, by far. What is offered is by far more. */
  const BOUND = 96 * MIB;
  /** So long without a drain is a stall. Too early a verdict could only make the test more lenient. */
  const STALL_MS = 300;

  /** Writes until nothing more is taken. Returns how many bytes were. */
  async function fill(socket: Socket): Promise<number> {
    for (let offered = 0; offered < OFFERED; offered += CHUNK.length) {
      if (!socket.write(CHUNK) && !(await drained(socket))) break;
    }
    return socket.bytesWritten - socket.writableLength;
  }

  function drained(socket: Socket): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (drained: boolean): void => {
        cancel();
        socket.off('drain', onDrain);
        resolve(drained);
      };
      const onDrain = (): void => {
        settle(true);
      };
      const cancel = systemClock.after(STALL_MS, () => {
        settle(false);
      });
      socket.on('drain', onDrain);
    });
  }

  async function count(socket: Socket): Promise<number> {
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    await once(socket, 'end');
    return bytes;
  }

  test('stops the one that writes, in either direction and both at once, and loses nothing', async () => {
    const relayed: { tcp: Socket; ws: WebSocket }[] = [];
    const watched = (order: 'tcp-first' | 'ws-first') => {
      const relay = relayOf(order, { maxMessageBytes: DEFAULT_MAX_MESSAGE_BYTES, clock: systemClock });
      return (tcp: Socket, ws: WebSocket, signal: AbortSignal) => {
        relayed.push({ tcp, ws });
        return relay(tcp, ws, signal);
      };
    };
    const rig = await startRig({ client: { relay: watched('tcp-first') }, server: { relay: watched('ws-first') } });
    const { port, accepted } = await startPlayedOrigin();
    const inbound = await connectThrough(rig.client.port, port);
    const target = await accepted;
    const taken = await Promise.all([fill(inbound), fill(target)]);
    expect(Math.max(...taken)).toBeLessThan(BOUND);
    // What each side holds itself: its mark, and what one step may put on top.
    for (const { tcp, ws } of relayed) {
      expect(ws.isPaused).toBe(true);
      expect(ws.bufferedAmount).toBeLessThan(2 * HIGH_WATER_BYTES);
      expect(tcp.writableLength).toBeLessThan(2 * HIGH_WATER_BYTES + DEFAULT_MAX_MESSAGE_BYTES);
      expect(tcp.readableLength).toBeLessThan(2 * HIGH_WATER_BYTES);
    }
    const received = [count(target), count(inbound)];
    const offered = [inbound.bytesWritten, target.bytesWritten];
    inbound.end();
    target.end();
    const greeting = 3 + 10;
    expect(await Promise.all(received)).toEqual([(offered[0] ?? 0) - greeting, offered[1]]);
  });

  test.skipIf(isNode22)('is still freed when the other end is reset', async () => {
    const rig = await startRig();
    const { port, accepted } = await startPlayedOrigin();
    const inbound = await connectThrough(rig.client.port, port);
    const target = await accepted;
    await fill(target);
    const end = endOf(inbound);
    target.resetAndDestroy();
    expect(await end).toBe('ECONNRESET');
    await expect.poll(() => [rig.client.connections, rig.server.connections], { timeout: 10_000 }).toEqual([0, 0]);
  });
});
