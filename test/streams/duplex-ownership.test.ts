import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Duplex, duplexPair, PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { copyBidirectional } from '../../src/copy/copy-bidirectional.ts';
import { PENDING } from '../../src/poll/pending.ts';
import type { ChunkSlot } from '../../src/poll/poll-stream.ts';
import { fromDuplex } from '../../src/streams/from-duplex.ts';
import { fromSocket } from '../../src/streams/from-socket.ts';
import { tcpPair, closed, reading, writing, digest, KIB, MIB, readAll } from './support/sockets.ts';

describe('whose the bytes are', () => {
  // Trap: a buffer that is used again after `socket.write(buffer)` arrives corrupted once its reader is slow.
  test('borrowed bytes arrive as they were when they were written, at a reader that starts late', async () => {
    const { near, far } = await tcpPair();
    const stream = fromSocket(near);
    const sent = createHash('sha256');
    const half = writing();
    const buffer = Buffer.alloc(64 * KIB);
    const received = createHash('sha256');
    for (let left = 16 * MIB; left > 0;) {
      buffer.fill(left % 251);
      const n = await half.until((cx) => {
        const result = stream.pollWrite(cx, buffer, 0, Math.min(buffer.length, left), false);
        // Only once it is held back does the other side begin to read.
        if (result === PENDING && !far.listenerCount('data')) far.on('data', (part) => received.update(part));
        return result;
      });
      sent.update(buffer.subarray(0, n));
      buffer.fill(0xff);
      left -= n;
    }
    await half.until((cx) => stream.pollShutdown(cx));
    await once(far, 'end');
    expect(received.digest('hex')).toBe(sent.digest('hex'));
  });

  test('a chunk that is given away is written as it is, not copied', async () => {
    const written: Uint8Array[] = [];
    const sink = new Duplex({
      read: () => undefined,
      write(chunk: Uint8Array, _encoding, done) {
        written.push(chunk);
        done();
      },
    });
    const stream = fromDuplex(sink);
    // Memory of its own: two short buffers of Node's pool share theirs.
    const chunk = Buffer.alloc(10, '0123456789');
    expect(stream.pollWrite(writing(), chunk, 2, 8, true)).toBe(6);
    stream.pollFlush(writing());
    expect(written[0]?.buffer).toBe(chunk.buffer);
    expect(String(written[0])).toBe('234567');
    sink.destroy();
    await closed(sink);
  });

  test('chunks and reads may be mixed: the order of bytes holds', async () => {
    const [near, far] = duplexPair();
    const stream = fromDuplex(near);
    far.write('abcdef');
    far.end('gh');
    const half = reading();
    const room = Buffer.alloc(4);
    const slot: ChunkSlot = { bytes: room, start: 0, end: 0 };
    const got: string[] = [];
    for (let n = 1; n > 0;) {
      n = await half.until((cx) => stream.pollRead(cx, room, 0, 4));
      got.push(String(room.subarray(0, n)));
      n = await half.until((cx) => stream.pollChunk?.(cx, slot) ?? Number.NaN);
      got.push(Buffer.from(slot.bytes).toString('latin1', slot.start, slot.start + n));
    }
    expect(got.join('')).toBe('abcdefgh');
  });

  // The copy frees a chunk's memory when the kernel has its bytes: too early, and other bytes arrive.
  test('bytes that cross two sockets whose reader is now fast, now slow, arrive unharmed', async () => {
    const [one, two] = [await tcpPair(), await tcpPair()];
    const copy = copyBidirectional(fromSocket(one.near), fromSocket(two.near));
    const all = randomBytes(32 * MIB);
    one.far.end(all);
    two.far.end();
    const received = createHash('sha256');
    let parts = 0;
    for await (const part of two.far as AsyncIterable<Buffer>) {
      received.update(part);
      parts += 1;
      if (parts % 16 === 0) for (let turn = 0; turn < 10; turn += 1) await nextTurn();
    }
    expect(await copy).toEqual({ aToB: all.length, bToA: 0 });
    expect(received.digest('hex')).toBe(digest(all));
    one.far.resume();
  });

  test('a chunk that another listener keeps stays whole', async () => {
    const [one, two] = [await tcpPair(), await tcpPair()];
    const kept: Buffer[] = [];
    one.near.on('data', (chunk) => kept.push(chunk));
    const copy = copyBidirectional(fromSocket(one.near), fromSocket(two.near));
    const all = randomBytes(4 * MIB);
    one.far.end(all);
    two.far.end();
    two.far.resume();
    one.far.resume();
    await copy;
    expect(digest(Buffer.concat(kept))).toBe(digest(all));
  });

  test('what a sink other than a socket keeps of a copy from a socket stays whole', async () => {
    const { near, far } = await tcpPair();
    const kept: Buffer[] = [];
    const sink = new Duplex({
      read() {
        this.push(null);
      },
      write(chunk: Buffer, _encoding, done) {
        kept.push(chunk);
        done();
      },
    });
    const copy = copyBidirectional(fromSocket(near), fromDuplex(sink));
    const all = randomBytes(4 * MIB);
    far.end(all);
    far.resume();
    await copy;
    expect(digest(Buffer.concat(kept))).toBe(digest(all));
  });

  test('a buffer that its owner put back, or sent through something else than a socket, stays whole', async () => {
    const [one, two] = [await tcpPair(), await tcpPair()];
    const [there, back] = [randomBytes(64 * KIB), randomBytes(64 * KIB)];
    const digests = [there, back].map(digest);
    const through = new PassThrough();
    one.near.unshift(there);
    one.far.end();
    two.far.end();
    two.far.resume();
    await copyBidirectional(fromSocket(one.near), fromSocket(two.near));
    const third = await tcpPair();
    third.far.end();
    third.far.resume();
    const copy = copyBidirectional(fromDuplex(through), fromSocket(third.near));
    // Not before the copy has begun to read: nothing of this is early.
    await nextTurn();
    through.end(back);
    await copy;
    expect([there, back].map(digest)).toEqual(digests);
    one.far.resume();
  });

  /**
   * Two copies in a row with something between that keeps what it passes on. Whoever freed a chunk's memory early,
   * because the kernel has its bytes, would destroy what is kept here.
   */
  test('what stands between two copies may keep the chunks that it passes on', async () => {
    const [one, two] = [await tcpPair(), await tcpPair()];
    const [here, tapIn] = duplexPair();
    const [tapOut, there] = duplexPair();
    const kept: Buffer[] = [];
    tapIn.on('data', (chunk: Buffer) => {
      kept.push(chunk);
      tapOut.write(chunk);
    });
    tapIn.on('end', () => tapOut.end());
    tapOut.resume();
    tapOut.on('end', () => tapIn.end());
    const copies = [
      copyBidirectional(fromSocket(one.near), fromDuplex(here)),
      copyBidirectional(fromDuplex(there), fromSocket(two.near)),
    ];
    const sent = randomBytes(2 * MIB);
    one.far.resume();
    one.far.end(sent);
    two.far.end();
    const received = await readAll(fromSocket(two.far));
    expect(digest(received)).toBe(digest(sent));
    await Promise.all(copies);
    expect(digest(Buffer.concat(kept))).toBe(digest(sent));
  });
});
