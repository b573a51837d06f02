import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { Duplex, duplexPair, PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { copyBidirectional } from '../../src/copy/copy-bidirectional.ts';
import { PENDING } from '../../src/poll/pending.ts';
import { fromDuplex } from '../../src/streams/from-duplex.ts';
import { fromSocket } from '../../src/streams/from-socket.ts';
import { isNode22 } from '../is-node-22.ts';
import {
  tcpPair,
  closed,
  reading,
  writing,
  readAll,
  writeAll,
  digest,
  failureOf,
  KIB,
  MIB,
  oneByte,
} from './support/sockets.ts';

describe('the end of a half', () => {
  test('crosses in either direction while the other half goes on, even if the socket was not opened for it', async () => {
    const { near, far } = await tcpPair(false);
    const stream = fromSocket(near);
    far.end('question');
    expect(String(await readAll(stream))).toBe('question');
    const half = writing();
    await writeAll(stream, Buffer.from('answer'));
    expect(await half.until((cx) => stream.pollShutdown(cx))).toBe(0);
    expect(await half.until((cx) => stream.pollShutdown(cx))).toBe(0);
    expect(String(Buffer.concat((await far.toArray()) as Buffer[]))).toBe('answer');
  });

  test('makes a later write an error', async () => {
    const { near } = await tcpPair();
    const stream = fromSocket(near);
    const half = writing();
    await half.until((cx) => stream.pollShutdown(cx));
    expect(() => stream.pollWrite(half, oneByte, 0, 1, false)).toThrow(
      expect.objectContaining({ code: 'WRITE_AFTER_SHUTDOWN' }),
    );
  });

  test('that came before the Duplex was wrapped is seen at once', async () => {
    const { near, far } = await tcpPair();
    far.end();
    near.resume();
    await once(near, 'end');
    expect(fromSocket(near).pollRead(reading(), oneByte, 0, 1)).toBe(0);
  });
});

describe('a failure', () => {
  test('a reset by the peer is thrown with its cause, never read as an end of stream', async () => {
    const { near, far } = await tcpPair();
    const stream = fromSocket(near);
    const half = reading();
    expect(stream.pollRead(half, oneByte, 0, 1)).toBe(PENDING);
    far.resetAndDestroy();
    expect(await failureOf(() => half.until((cx) => stream.pollRead(cx, oneByte, 0, 1)))).toMatchObject({
      code: 'DUPLEX_FAILED',
      cause: { code: 'ECONNRESET' },
    });
    expect(() => stream.pollWrite(half, oneByte, 0, 1, false)).toThrow(
      expect.objectContaining({ code: 'DUPLEX_FAILED' }),
    );
    expect(() => stream.pollFlush(half)).toThrow(expect.objectContaining({ code: 'DUPLEX_FAILED' }));
    expect(() => stream.pollShutdown(half)).toThrow(expect.objectContaining({ code: 'DUPLEX_FAILED' }));
  });

  test('what had arrived before it is handed over first', async () => {
    const [near, far] = duplexPair();
    const stream = fromDuplex(near);
    const half = reading();
    expect(stream.pollRead(half, oneByte, 0, 1)).toBe(PENDING);
    far.write('1');
    await half.woken(0);
    near.destroy(new Error('cut'));
    await closed(near);
    expect(stream.pollRead(half, oneByte, 0, 1)).toBe(1);
    expect(() => stream.pollRead(half, oneByte, 0, 1)).toThrow(expect.objectContaining({ code: 'DUPLEX_FAILED' }));
  });

  test('a close without an end is no end of stream, and wakes both halves', async () => {
    const [near] = duplexPair();
    const stream = fromDuplex(near, { writeHighWaterBytes: 64 * KIB });
    const [read, write] = [reading(), writing()];
    expect(stream.pollRead(read, oneByte, 0, 1)).toBe(PENDING);
    const much = new Uint8Array(4 * MIB);
    while (stream.pollWrite(write, much, 0, much.length, false) !== PENDING);
    near.destroy();
    await Promise.all([read.woken(0), write.woken(0)]);
    const early: unknown = expect.objectContaining({ code: 'DUPLEX_CLOSED' });
    expect(() => stream.pollRead(read, oneByte, 0, 1)).toThrow(early);
    expect(() => stream.pollWrite(write, oneByte, 0, 1, false)).toThrow(early);
    expect(() => stream.pollShutdown(write)).toThrow(early);
  });

  test.each([
    ['destroyed', undefined, 'DUPLEX_CLOSED'],
    ['broken', new Error('cut'), 'DUPLEX_FAILED'],
  ])('a Duplex that was %s before it was wrapped fails at the first poll', async (_name, error, code) => {
    const [near] = duplexPair();
    near.on('error', () => undefined);
    near.destroy(error);
    await closed(near);
    const stream = fromDuplex(near);
    expect(() => stream.pollRead(reading(), oneByte, 0, 1)).toThrow(expect.objectContaining({ code }));
    expect(() => stream.pollWrite(writing(), oneByte, 0, 1, false)).toThrow(expect.objectContaining({ code }));
  });

  // An 'error' without a listener would end the process: the runner would report it as unhandled.
  test('an error after the copy is over has a listener', async () => {
    const [near, far] = duplexPair();
    near.end();
    near.resume();
    await copyBidirectional(fromDuplex(far), fromDuplex(new PassThrough()));
    far.emit('error', new Error('late'));
    expect(far.listenerCount('error')).toBe(1);
  });
});

describe('abort', () => {
  const why = new Error('no more');

  test.skipIf(isNode22)('resets a TCP connection, with much still to be sent', async () => {
    const { near, far } = await tcpPair();
    const stream = fromSocket(near);
    const half = writing();
    const much = new Uint8Array(MIB);
    await half.untilStuck(20, (cx) => stream.pollWrite(cx, much, 0, much.length, false));
    const reset = once(far, 'error');
    stream.abort?.(why);
    far.resume();
    expect(await reset).toMatchObject([{ code: 'ECONNRESET' }]);
    expect(() => stream.pollRead(reading(), oneByte, 0, 1)).toThrow(
      expect.objectContaining({ code: 'STREAM_ABORTED', cause: why }),
    );
  });

  test('closes a socket whose FIN is on its way, and one that is still connecting', async () => {
    const { near } = await tcpPair();
    const stream = fromSocket(near);
    expect(stream.pollShutdown(writing())).toBe(PENDING);
    stream.abort?.(why);
    await closed(near);

    const connecting = connect({ port: 9, host: '127.0.0.1' });
    fromSocket(connecting).abort?.(why);
    // At once: a reset would wait for a connection that may never come about.
    expect([near.destroyed, connecting.destroyed]).toEqual([true, true]);
    await closed(connecting);
  });

  test('destroys what is no TCP connection, with the reason', async () => {
    const [near] = duplexPair();
    const stream = fromDuplex(near);
    const failing = once(near, 'error');
    stream.abort?.(why);
    expect(await failing).toEqual([why]);
  });
});

describe('what has come before', () => {
  test('is read first, in order, also out of a Duplex that was paused', async () => {
    const { near, far } = await tcpPair();
    near.pause();
    near.unshift(Buffer.from('early '));
    const stream = fromSocket(near);
    far.end('late');
    expect(String(await readAll(stream))).toBe('early late');
  });

  test('nothing is taken out of the Duplex before the first poll', async () => {
    const [near, far] = duplexPair();
    fromDuplex(near);
    far.write('kept');
    await nextTurn();
    expect(String(near.read())).toBe('kept');
  });
});

describe('back-pressure', () => {
  test('a writer whose peer does not read is Pending at its mark, and woken when it has drained', async () => {
    const { near, far } = await tcpPair();
    const stream = fromSocket(near);
    const half = writing();
    const much = new Uint8Array(16 * MIB);
    const taken = await half.untilStuck(20, (cx) => stream.pollWrite(cx, much, 0, much.length, false));
    expect(near.writableLength).toBe(256 * KIB);
    expect(taken).toBe(near.bytesWritten);
    far.resume();
    expect(await half.until((cx) => stream.pollWrite(cx, much, 0, 1, false))).toBe(1);
  });

  test('a reader that nobody polls takes in its mark, what the socket itself buffers, and a chunk of each', async () => {
    const { near, far } = await tcpPair();
    const stream = fromSocket(near, { readHighWaterBytes: 64 * KIB });
    const half = reading();
    expect(stream.pollRead(half, oneByte, 0, 1)).toBe(PENDING);
    const all = randomBytes(16 * MIB);
    far.end(all);
    for (let before = -1; before !== near.bytesRead || before === 0;) {
      before = near.bytesRead;
      for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    }
    expect(near.bytesRead).toBeLessThanOrEqual(4 * 64 * KIB);
    expect(digest(await readAll(stream))).toBe(digest(all));
  });

  test('a drained writer does not wake the reader, nor arriving bytes the writer', async () => {
    const [near, far] = duplexPair();
    const stream = fromDuplex(near);
    const [read, write] = [reading(), writing()];
    const much = new Uint8Array(MIB);
    expect(stream.pollRead(read, oneByte, 0, 1)).toBe(PENDING);
    while (stream.pollWrite(write, much, 0, much.length, false) !== PENDING);
    far.write('!');
    await read.woken(0);
    expect([read.wakes, write.wakes]).toEqual([1, 0]);
    stream.pollRead(read, oneByte, 0, 1);
    expect(stream.pollRead(read, oneByte, 0, 1)).toBe(PENDING);
    far.resume();
    await write.woken(0);
    expect([read.wakes, write.wakes]).toEqual([1, 1]);
  });
});

test('a socket that never gets through has taken nothing', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const { near, far } = await tcpPair();
  far.write('a request');
  const copy = copyBidirectional(fromSocket(near), fromSocket(connect({ port, host: '127.0.0.1' })));
  await expect(copy).rejects.toMatchObject({ code: 'STREAM_FAILED', aToB: 0, bToA: 0 });
});

describe('what is written in one poll', () => {
  function batches(): { sink: Duplex; sizes: number[] } {
    const sizes: number[] = [];
    const sink = new Duplex({
      read: () => undefined,
      write(_chunk, _encoding, done) {
        sizes.push(1);
        done();
      },
      writev(chunks, done) {
        sizes.push(chunks.length);
        done();
      },
    });
    onTestFinished(async () => {
      sink.destroy();
      await closed(sink);
    });
    return { sink, sizes };
  }

  test('goes out together at the flush', () => {
    const { sink, sizes } = batches();
    const stream = fromDuplex(sink);
    for (let i = 0; i < 3; i += 1) stream.pollWrite(writing(), Buffer.alloc(1), 0, 1, true);
    expect(sizes).toEqual([]);
    stream.pollFlush(writing());
    stream.pollWrite(writing(), Buffer.alloc(1), 0, 1, true);
    stream.pollFlush(writing());
    expect(sizes).toEqual([3, 1]);
  });

  test('goes out without a flush too, when the turn is over', async () => {
    const { sink, sizes } = batches();
    const stream = fromDuplex(sink);
    for (let i = 0; i < 3; i += 1) stream.pollWrite(writing(), Buffer.alloc(1), 0, 1, true);
    await nextTurn();
    expect(sizes).toEqual([3]);
  });

  /** A faithful copy may spin in the very poll that wrote: with tokio's sockets the bytes are then on their way. */
  test('goes out at once where the bytes are only borrowed', () => {
    const { sink, sizes } = batches();
    const stream = fromDuplex(sink);
    for (let i = 0; i < 3; i += 1) stream.pollWrite(writing(), oneByte, 0, 1, false);
    expect(sizes).toEqual([1, 1, 1]);
  });

  test('goes out before the end', async () => {
    const [near, far] = duplexPair();
    const stream = fromDuplex(near);
    stream.pollWrite(writing(), Buffer.from('last words'), 0, 10, false);
    const half = writing();
    const ended = half.until((cx) => stream.pollShutdown(cx));
    expect(String(await readAll(fromDuplex(far)))).toBe('last words');
    expect(await ended).toBe(0);
  });
});

test('two duplex pairs are copied both ways', async () => {
  const [a, nearA] = duplexPair();
  const [b, nearB] = duplexPair();
  const copy = copyBidirectional(fromDuplex(nearA), fromDuplex(nearB));
  const [there, back] = [randomBytes(3 * MIB), randomBytes(5 * MIB)];
  a.end(there);
  b.end(back);
  const [atA, atB] = (await Promise.all([a.toArray(), b.toArray()])) as Buffer[][];
  expect([atA, atB].map((parts) => digest(Buffer.concat(parts ?? [])))).toEqual([digest(back), digest(there)]);
  expect(await copy).toEqual({ aToB: there.length, bToA: back.length });
});

describe('what carries no bytes', () => {
  test.each([
    ['objects', new PassThrough({ objectMode: true })],
    ['strings', new PassThrough({ encoding: 'latin1' })],
  ])('a Duplex with %s is refused', (_name, duplex) => {
    expect(() => fromDuplex(duplex)).toThrow(expect.objectContaining({ code: 'DUPLEX_NOT_BYTES' }));
  });

  test('a Duplex that is given an encoding later fails', async () => {
    const [near, far] = duplexPair();
    const stream = fromDuplex(near);
    near.setEncoding('utf8');
    far.write('text');
    const half = reading();
    expect(await failureOf(() => half.until((cx) => stream.pollRead(cx, oneByte, 0, 1)))).toMatchObject({
      code: 'DUPLEX_NOT_BYTES',
    });
  });

  test.each([0, -1, 1.5, Number.NaN])('a mark of %d bytes is refused', (mark) => {
    const [near] = duplexPair();
    expect(() => fromDuplex(near, { readHighWaterBytes: mark })).toThrow(
      expect.objectContaining({ code: 'STREAM_OPTION_INVALID' }),
    );
  });
});
