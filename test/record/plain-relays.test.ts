import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket as NodeWebSocket, WebSocketServer } from 'ws';
import { recordDuplex } from '../../src/record/record-duplex.ts';
import { recordWebSocket } from '../../src/record/record-web-socket.ts';
import { RecordedCopy } from '../../src/record/recorded-copy.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { closed, findingsOf, linesOn, notesOf, readAll, someBytes, tcpPair, tcpRelay } from './support.ts';

/** Relays such as people write, over real sockets: what is found in those that are wrong, and nothing in those that are right. */

const MIB = 1024 * 1024;

interface Relay {
  readonly client: Socket;
  readonly a: Socket;
  readonly b: Socket;
  readonly origin: Socket;
  readonly findings: () => string[];
  readonly recorder: Recorder;
  /** Until both sockets of the relay are closed. */
  readonly over: Promise<unknown>;
}

async function relay(allowHalfOpen: boolean): Promise<Relay> {
  const sockets = await tcpRelay(allowHalfOpen);
  const recorder = new Recorder();
  const notes = notesOf(recorder);
  const copy = new RecordedCopy({ recorder, a: 'client', b: 'origin' });
  recordDuplex(sockets.a, { copy, side: 'a' });
  recordDuplex(sockets.b, { copy, side: 'b' });
  for (const socket of Object.values(sockets)) socket.on('error', () => undefined);
  const over = Promise.all([closed(sockets.a), closed(sockets.b)]);
  return { ...sockets, recorder, over, findings: () => findingsOf(recorder, notes) };
}

describe('nothing is found', () => {
  test.each([true, false])('in a pipe whose origin closes first (allowHalfOpen: %s)', async (allowHalfOpen) => {
    const { client, a, b, origin, over, findings } = await relay(allowHalfOpen);
    a.pipe(b).pipe(a);
    origin.on('data', () => origin.end('answer'));
    client.write('request');
    expect((await readAll(client)).toString()).toBe('answer');
    client.end();
    await over;
    expect(findings()).toEqual([]);
  });

  test('in a pipe whose client goes away in the middle of a download', async () => {
    const { client, a, b, origin, over, findings } = await relay(true);
    a.pipe(b).pipe(a);
    a.on('close', () => b.destroy());
    b.on('close', () => a.destroy());
    origin.write(someBytes(32 * MIB));
    await once(client, 'data');
    client.resetAndDestroy();
    await over;
    expect(findings()).toEqual([]);
  });

  test('in one that is given up by its application, with bytes under way', async () => {
    const { a, b, origin, over, findings } = await relay(true);
    a.pipe(b).pipe(a);
    origin.write(someBytes(32 * MIB));
    await expect.poll(() => a.writableNeedDrain).toBe(true);
    a.destroy();
    b.destroy();
    await over;
    expect(findings()).toEqual([]);
  });

  test('where only one of the two sides is recorded', async () => {
    const { client, a, b, origin } = await tcpRelay(true);
    const recorder = new Recorder();
    const notes = notesOf(recorder);
    recordDuplex(b, { copy: new RecordedCopy({ recorder }), side: 'b' });
    const over = closed(b);
    a.pipe(b).pipe(a);
    origin.on('data', () => origin.end('answer'));
    client.end('request');
    expect((await readAll(client)).toString()).toBe('answer');
    await over;
    expect(notes.get(1)?.end).toBe('completed');
    expect(findingsOf(recorder, notes)).toEqual([]);
  });
});

describe('a stream that is destroyed', () => {
  /** A relay to something that takes its time to send, a compressor or an encryption, and lets itself be piped into. */
  async function slowRelay(recorder = new Recorder()) {
    const [client, a] = await tcpPair(true);
    client.on('error', () => undefined);
    const sent: (() => void)[] = [];
    const b = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => sent.push(done) });
    const notes = notesOf(recorder);
    const copy = new RecordedCopy({ recorder });
    recordDuplex(a, { copy, side: 'a' });
    recordDuplex(b, { copy, side: 'b' });
    const over = Promise.all([closed(a), closed(b)]);
    return { client, a, b, sent, over, findings: () => findingsOf(recorder, notes) };
  }

  test('after end(), before all was sent, has dropped the tail', async () => {
    const { client, a, b, over, findings } = await slowRelay();
    a.pipe(b);
    a.on('end', () => {
      a.destroy();
      b.destroy();
    });
    client.end('request');
    await over;
    expect(findings()).toEqual(['a -> b shutdown-drops-tail']);
  });

  test('instead of ended, has lost what it held', async () => {
    const { client, a, b, over, findings } = await slowRelay();
    a.pipe(b, { end: false });
    a.on('end', () => {
      a.destroy();
      b.destroy();
    });
    client.end('request');
    await over;
    expect(findings()).toEqual(['a -> b buffered-data-lost']);
  });

  test('instead of ended, when it has sent all, has sent its end by that', async () => {
    const { client, a, b, sent, over, findings } = await slowRelay();
    a.pipe(b, { end: false });
    client.end('request');
    await expect.poll(() => sent.length).toBe(1);
    sent[0]?.();
    if (!a.readableEnded) await once(a, 'end');
    a.destroy();
    b.destroy();
    await over;
    expect(findings()).toEqual([]);
  });

  test('by a shutdown that fails, takes the other direction with it', async () => {
    const [client, a] = await tcpPair(true);
    client.on('error', () => undefined);
    const b = new Duplex({
      read: () => undefined,
      write: (_chunk, _encoding, done) => {
        done();
      },
      final: (done) => {
        done(Object.assign(new Error('shutdown ENOTCONN'), { code: 'ENOTCONN', syscall: 'shutdown' }));
      },
    });
    const recorder = new Recorder();
    const notes = notesOf(recorder);
    const copy = new RecordedCopy({ recorder });
    recordDuplex(a, { copy, side: 'a' });
    recordDuplex(b, { copy, side: 'b' });
    b.on('error', () => a.destroy());
    const over = Promise.all([closed(a), closed(b)]);
    a.pipe(b);
    // Still unread when it fails.
    b.push('the first part of the answer');
    client.end('request');
    await over;
    expect(notes.get(1)).toMatchObject({ end: 'DUPLEX_FAILED', message: 'Duplex failed: shutdown ENOTCONN' });
    expect(findingsOf(recorder, notes)).toEqual(['a -> b shutdown-error-kills-both']);
  });

  test('by an error of its own, was not dropped by its relay', async () => {
    const { client, a, b, over, findings } = await slowRelay();
    a.pipe(b, { end: false });
    b.on('error', () => a.destroy());
    a.on('end', () => b.destroy(new Error('reset by its peer')));
    client.end('request');
    await over;
    expect(findings()).toEqual([]);
  });

  test('long after its client has gone, takes nothing from anybody', async () => {
    let nowMs = 0;
    const clock = { nowMs: () => nowMs, after: () => () => undefined };
    const { client, a, b, sent, over, findings } = await slowRelay(new Recorder({ clock }));
    a.pipe(b);
    client.end('request');
    await expect.poll(() => sent.length).toBe(1);
    sent[0]?.();
    await once(b, 'finish');
    a.destroy();
    await closed(a);
    nowMs = 500;
    b.push('an answer, too late');
    b.destroy();
    await over;
    expect(findings()).toEqual([]);
  });

  test('once it has sent all, has lost nothing', async () => {
    const { client, a, b, sent, over, findings } = await slowRelay();
    a.pipe(b);
    b.on('finish', () => {
      a.destroy();
      b.destroy();
    });
    client.end('request');
    await expect.poll(() => sent.length).toBe(1);
    sent[0]?.();
    await over;
    expect(findings()).toEqual([]);
  });

  test('when the other direction has ended, with an answer still unread, was torn down too early', async () => {
    const { client, a, b, origin, over, findings } = await relay(true);
    a.pipe(b);
    a.on('end', () => {
      b.once('finish', () => {
        a.destroy();
        b.destroy();
      });
    });
    origin.write('answer');
    b.read(0);
    await expect.poll(() => b.readableLength).toBe(6);
    client.end('request');
    await over;
    expect(findings()).toEqual(['b -> a premature-teardown']);
  });
});

test('a loop that writes on when it is told to wait has no back-pressure', async () => {
  const { client, a, b, over, findings } = await relay(true);
  a.on('data', (chunk) => b.write(chunk));
  // The origin reads nothing.
  client.write(someBytes(48 * MIB));
  await expect.poll(() => b.writableLength).toBeGreaterThan(4 * b.writableHighWaterMark);
  a.destroy();
  b.destroy();
  await over;
  expect(findings()).toEqual(['a -> b no-backpressure']);
});

describe('over a ws', () => {
  /** A relay of messages, with a server at its other end. */
  async function tunnel(recorder = new Recorder()) {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const b = new NodeWebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const [[far]] = (await Promise.all([once(server, 'connection'), once(b, 'open')])) as [[NodeWebSocket], unknown];
    server.close();
    onTestFinished(async () => {
      const open = [b, far].filter((socket) => socket.readyState !== NodeWebSocket.CLOSED);
      for (const socket of open) socket.terminate();
      await Promise.all(open.map((socket) => closed(socket)));
    });
    const [client, a] = await tcpPair(true);
    client.on('error', () => undefined);
    const notes = notesOf(recorder);
    const copy = new RecordedCopy({ recorder });
    recordDuplex(a, { copy, side: 'a' });
    recordWebSocket(b, { copy, side: 'b' });
    a.on('data', (chunk) => {
      b.send(chunk);
    });
    b.on('message', (message: Buffer) => a.write(message));
    a.on('end', () => {
      b.close(1000);
    });
    b.on('close', () => a.end());
    const over = Promise.all([closed(a), closed(b)]);
    return { client, a, b, far, over, recorder, findings: (atMs?: number) => findingsOf(recorder, notes, atMs) };
  }

  test.each([
    [false, ['b -> a dead-peer']],
    [true, []],
  ])('a peer is dead that answers no ping (one that answers: %s)', async (answers, found) => {
    let nowMs = 0;
    const clock = { nowMs: () => nowMs, after: () => () => undefined };
    const { b, far, findings } = await tunnel(new Recorder({ clock }));
    if (!answers) far.pause();
    for (let asked = 0; asked < 3; asked += 1) {
      b.ping();
      if (answers) await once(b, 'pong');
      nowMs += 10_000;
    }
    expect(findings(nowMs)).toEqual(found);
  });

  test('a loop that sends on however much is unsent has no back-pressure', async () => {
    const { client, a, b, far, over, findings } = await tunnel();
    far.pause();
    client.write(someBytes(48 * MIB));
    await expect.poll(() => b.bufferedAmount).toBeGreaterThan(8 * MIB);
    b.terminate();
    a.destroy();
    await over;
    expect(findings()).toEqual(['a -> b no-backpressure']);
  });

  test('nothing is found when the server closes first', async () => {
    const { client, far, over, findings } = await tunnel();
    far.on('message', () => {
      far.send('answer');
      far.close(1000);
    });
    client.write('request');
    expect((await readAll(client)).toString()).toBe('answer');
    client.end('thanks');
    await over;
    expect(findings()).toEqual([]);
  });

  test('nor when both close at once', async () => {
    const { client, a, b, far, over, findings, recorder } = await tunnel();
    client.resume();
    client.write('request');
    await once(far, 'message');
    // The client's end comes right behind the Close of the server, whose answer is on its way.
    const close = b.close.bind(b);
    b.close = (code, reason) => {
      close(code, reason);
      b.close = close;
      a.push(null);
    };
    far.close(1000);
    client.end();
    await over;
    expect(linesOn(recorder, 'a -> b')).toContain('shutdown 0 after the end');
    expect(findings()).toEqual([]);
  });
});
