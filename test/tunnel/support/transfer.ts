import { createCipheriv, createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connectThrough, startPlayedOrigin, type Rig } from './rig.ts';

const CHUNK_BYTES = 64 * 1024;

/** What one side sent or got: how much, and its SHA-256. */
export interface Digest {
  readonly bytes: number;
  readonly sha256: string;
}

/** Sends so many bytes that look random and are the same for the same seed, then the end. */
export async function send(socket: Socket, bytes: number, seed: number): Promise<Digest> {
  const keystream = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
  const hash = createHash('sha256');
  for (let left = bytes; left > 0; left -= CHUNK_BYTES) {
    const chunk = keystream.update(Buffer.alloc(Math.min(left, CHUNK_BYTES)));
    hash.update(chunk);
    if (!socket.write(chunk)) await once(socket, 'drain');
  }
  socket.end();
  return { bytes, sha256: hash.digest('hex') };
}

/** Reads up to the end. */
export async function receive(socket: Socket): Promise<Digest> {
  const hash = createHash('sha256');
  let bytes = 0;
  socket.on('data', (chunk: Buffer) => {
    hash.update(chunk);
    bytes += chunk.length;
  });
  await once(socket, 'end');
  return { bytes, sha256: hash.digest('hex') };
}

/** Both sides send at once, each its own bytes. Resolves to what each sent and what the other got of it. */
export async function transferBothWays(rig: Rig, bytes: number): Promise<{ sent: Digest[]; received: Digest[] }> {
  const { port, accepted } = await startPlayedOrigin();
  const inbound = await connectThrough(rig.client.port, port);
  const target = await accepted;
  const [up, down, receivedUp, receivedDown] = await Promise.all([
    send(inbound, bytes, 1),
    send(target, bytes, 2),
    receive(target),
    receive(inbound),
  ]);
  return { sent: [up, down], received: [receivedUp, receivedDown] };
}
