import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, onTestFinished } from 'vitest';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { Half } from './half.ts';

export const KIB = 1024;
export const MIB = 1024 * KIB;

/** Both ends of a TCP connection on loopback. Whatever a test leaves open is closed after it. */
export async function tcpPair(allowHalfOpen = true): Promise<{ near: Socket; far: Socket }> {
  const server = createServer({ allowHalfOpen });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepting = once(server, 'connection') as Promise<[Socket]>;
  const far = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
  const [near] = await accepting;
  server.close();
  onTestFinished(async () => {
    const sockets = [near, far].filter((socket) => !socket.closed);
    for (const socket of sockets) socket.destroy();
    await Promise.all(sockets.map((socket) => closed(socket)));
  });
  return { near, far };
}

/** Unlike `once` of node:events, it does not fail with an 'error' that comes first. */
export function closed(duplex: Duplex): Promise<void> {
  return new Promise((resolve) => duplex.once('close', resolve));
}

export function reading(): Half {
  return new Half('a test', 'a -> b', 'read');
}

export function writing(): Half {
  return new Half('a test', 'a -> b', 'write');
}

/** Everything up to the end of the stream, as one buffer. */
export async function readAll(stream: PollStream): Promise<Buffer> {
  const half = reading();
  const parts: Buffer[] = [];
  const room = new Uint8Array(64 * KIB);
  for (;;) {
    const n = await half.until((cx) => stream.pollRead(cx, room, 0, room.length));
    if (n === 0) return Buffer.concat(parts);
    parts.push(Buffer.from(room.subarray(0, n)));
  }
}

export async function writeAll(stream: PollStream, bytes: Uint8Array): Promise<void> {
  const half = writing();
  for (let at = 0; at < bytes.length;) {
    at += await half.until((cx) => stream.pollWrite(cx, bytes, at, bytes.length, false));
  }
  await half.until((cx) => stream.pollFlush(cx));
}

export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What a poll of a broken stream throws, and again at each further poll. */
export async function failureOf(poll: () => Promise<unknown>): Promise<unknown> {
  const first: unknown = await poll().catch((error: unknown) => error);
  await expect(poll()).rejects.toBe(first);
  return first;
}

export const oneByte = new Uint8Array(1);
