import { expect, test } from 'vitest';
import type { Clock } from '../../src/poll/clock.ts';
import { PENDING } from '../../src/poll/pending.ts';
import { fromWebSocket, type FromWebSocketOptions } from '../../src/streams/from-web-socket.ts';
import { CLIENTS, webSockets } from './support/pairs.ts';
import { End } from './support/end.ts';
import { FakeWebSocket } from './support/fake-web-socket.ts';
import { SeededRandom } from './support/seeded-random.ts';

/** A clock that stands still until it is told to go on. */
class HandClock implements Clock {
  #now = 0;
  readonly #timers = new Map<object, { at: number; callback: () => void }>();

  get pending(): number {
    return this.#timers.size;
  }

  nowMs(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): () => void {
    const key = {};
    this.#timers.set(key, { at: this.#now + delayMs, callback });
    return () => {
      this.#timers.delete(key);
    };
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const [key, timer] of this.#timers) {
      if (timer.at > this.#now) continue;
      this.#timers.delete(key);
      timer.callback();
    }
  }
}

function open(options: FromWebSocketOptions = {}, readyState = 1) {
  const socket = new FakeWebSocket(readyState);
  const clock = new HandClock();
  const end = new End('a', fromWebSocket(socket, { clock, ...options }), new SeededRandom(1));
  return { socket, clock, end };
}

const write = (end: End, text: string): number => {
  const bytes = Buffer.from(text);
  return end.stream.pollWrite(end.writing, bytes, 0, bytes.length, true);
};

test('an empty message is not the end of the stream', async () => {
  const { socket, end } = open();
  socket.deliver(new ArrayBuffer(0));
  expect(end.pollOnce()).toBe(PENDING);
  socket.deliver(new TextEncoder().encode('x').buffer);
  expect((await end.read(1)).toString()).toBe('x');
});

test('a message is handed over as it came, and offsets of a Buffer are minded', () => {
  const { socket, end } = open();
  socket.deliver(Buffer.from('a header and a body').subarray(15));
  const slot = { bytes: new Uint8Array(0), start: 0, end: 0 };
  expect(end.stream.pollChunk?.(end.reading, slot)).toBe(4);
  expect(Buffer.from(slot.bytes.subarray(slot.start, slot.end)).toString()).toBe('body');
});

test('a text message is refused, and the peer is told why', async () => {
  const { socket, end } = open();
  socket.deliver(new TextEncoder().encode('kept').buffer);
  socket.deliver('text');
  // What came before it is still read.
  expect((await end.read(4)).toString()).toBe('kept');
  await expect(end.read(1)).rejects.toMatchObject({ code: 'WEBSOCKET_TEXT_REFUSED' });
  expect(socket.closes).toEqual([
    [4011, 'Text message from a WebSocket: expected binary ones, got: 4 characters of text'],
  ]);
});

test('a text message is taken as UTF-8 where that is asked for', async () => {
  const { socket, end } = open({ acceptText: true });
  socket.deliver('grün');
  socket.deliver('');
  expect((await end.read(5)).toString()).toBe('grün');
  expect(end.pollOnce()).toBe(PENDING);
});

test('a Blob is refused: somebody changed binaryType', async () => {
  const { socket, end } = open();
  expect(socket.binaryType).toBe('arraybuffer');
  socket.deliver(new Blob(['x']));
  await expect(end.read(1)).rejects.toMatchObject({
    code: 'WEBSOCKET_MESSAGE_INVALID',
    message: 'Wrong message from a WebSocket: expected bytes, got: Blob; binaryType was changed',
  });
});

test('where nothing can be paused, too much unread is an error and not a queue without end', async () => {
  const { socket, end } = open({ maxQueuedBytes: 10 });
  // One message may be larger: how large is for the WebSocket to bound.
  socket.deliver(new ArrayBuffer(12));
  socket.deliver(new ArrayBuffer(1));
  socket.deliver(new ArrayBuffer(1));
  expect(await end.read(12)).toHaveLength(12);
  await expect(end.read(1)).rejects.toMatchObject({
    code: 'WEBSOCKET_QUEUE_FULL',
    message: 'Too much unread from a WebSocket: expected at most 10 bytes, got: 13',
  });
  expect(socket.closes).toHaveLength(1);
});

test.for([
  [1000, 0],
  [1005, 0],
] as const)('Close %i of the peer is the end of the stream', async ([code]) => {
  const { socket, end } = open();
  const reading = end.readToEnd();
  socket.deliver(new TextEncoder().encode('last').buffer);
  socket.end(code, '');
  expect((await reading).toString()).toBe('last');
  // There is nothing left to shut down, and nowhere left to write.
  expect(end.stream.pollShutdown(end.writing)).toBe(0);
  expect(() => write(end, 'x')).toThrow('WebSocket closed by its peer: 1 bytes were offered');
});

test.for([1001, 1006, 1008, 1011, 4000])('Close %i of the peer is an error with code and reason', async (code) => {
  const { socket, end } = open();
  socket.deliver(new TextEncoder().encode('last').buffer);
  socket.end(code, 'because');
  expect((await end.read(4)).toString()).toBe('last');
  const error = {
    code: 'WEBSOCKET_CLOSED',
    message: `WebSocket closed: expected code 1000 or 1005, got: ${code} (because)`,
    details: { closeCode: code, closeReason: 'because' },
  };
  await expect(end.read(1)).rejects.toMatchObject(error);
  expect(() => write(end, 'x')).toThrow(error.message);
  expect(() => end.stream.pollShutdown(end.writing)).toThrow(error.message);
});

test('which codes are an end of stream can be said', async () => {
  const { socket, end } = open({ endCodes: [1001] });
  socket.end(1001, '');
  expect(await end.readToEnd()).toHaveLength(0);
});

test('an end of stream is none for what was written and never sent', async () => {
  const { socket, end } = open();
  write(end, 'unsent');
  socket.bufferedAmount = 6;
  socket.end(1000, '');
  expect(await end.readToEnd()).toHaveLength(0);
  expect(() => end.stream.pollFlush(end.writing)).toThrow('what was written was not all sent');
  expect(() => end.stream.pollShutdown(end.writing)).toThrow('what was written was not all sent');
});

test('while it connects writes wait, and a shutdown waits to be sent', async () => {
  const { socket, end } = open({}, 0);
  expect(write(end, 'x')).toBe(PENDING);
  const wakes = end.writing.wakes;
  socket.open();
  await end.writing.woken(wakes);
  expect(write(end, 'x')).toBe(1);

  const early = open({}, 0);
  const shutdown = early.end.shutdown();
  expect(early.socket.closes).toEqual([]);
  early.socket.open();
  await Promise.resolve();
  setImmediate(() => {
    expect(early.socket.closes).toEqual([[1000, undefined]]);
    early.socket.end(1000, '');
  });
  await shutdown;
});

test('a connection that fails is an error with what the implementation said as its cause', async () => {
  const { socket, end } = open({}, 0);
  const cause = new Error('connect ECONNREFUSED');
  const writing = end.write(Buffer.from('x'));
  socket.fail(cause);
  socket.end(1006, '');
  await expect(writing).rejects.toMatchObject({ code: 'WEBSOCKET_CLOSED', details: { closeCode: 1006 }, cause });
});

test('an error that no close event follows fails the stream all the same', async () => {
  const { socket, end } = open();
  const reading = end.read(1);
  socket.fail(new Error('Invalid frame'));
  await expect(reading).rejects.toMatchObject({ code: 'WEBSOCKET_FAILED', message: 'WebSocket failed: Invalid frame' });
});

test('a writer waits above the mark, by the clock and only then', async () => {
  const { socket, clock, end } = open({ highWaterMarkBytes: 8 });
  expect(write(end, '0123456789')).toBe(10);
  expect(clock.pending).toBe(0);
  socket.bufferedAmount = 10;
  expect(write(end, 'x')).toBe(PENDING);
  const wakes = end.writing.wakes;
  clock.advance(1);
  clock.advance(2);
  expect([end.writing.wakes, clock.pending]).toEqual([wakes, 1]);
  // Below the mark is not yet enough: woken for every message, a writer would do nothing else.
  socket.bufferedAmount = 5;
  clock.advance(4);
  expect(end.writing.wakes).toBe(wakes);
  socket.bufferedAmount = 4;
  clock.advance(8);
  await end.writing.woken(wakes);
  expect([write(end, 'x'), clock.pending]).toEqual([1, 0]);
});

test('a flush is done when everything has left, not before', async () => {
  const { socket, clock, end } = open();
  write(end, 'x');
  socket.bufferedAmount = 1;
  const flushed = end.flush();
  clock.advance(1);
  expect(clock.pending).toBe(1);
  socket.bufferedAmount = 0;
  clock.advance(2);
  await flushed;
  expect(clock.pending).toBe(0);
});

test('one write is at most one message of the largest size', () => {
  const { socket, end } = open({ maxMessageBytes: 4 });
  expect(write(end, '0123456789')).toBe(4);
  expect(socket.sent.map(String)).toEqual(['0123'].map((text) => String(Buffer.from(text))));
});

test('a peer that never answers Close is an error after a time without anything from it', async () => {
  const { socket, clock, end } = open({ closeTimeoutMs: 100 });
  const shutdown = end.shutdown();
  clock.advance(99);
  socket.deliver(new ArrayBuffer(3));
  // Something came in this time: the peer is only slow.
  clock.advance(1);
  clock.advance(99);
  expect(end.writing.wakes).toBe(0);
  clock.advance(1);
  await expect(shutdown).rejects.toMatchObject({
    code: 'WEBSOCKET_CLOSE_TIMEOUT',
    message: "WebSocket did not close: expected the peer's Close within 100 ms of the shutdown",
  });
  expect(await end.read(3)).toHaveLength(3);
  await expect(end.read(1)).rejects.toMatchObject({ code: 'WEBSOCKET_CLOSE_TIMEOUT' });
  expect(clock.pending).toBe(0);
});

test('the reason of an abort is cut to what a Close carries, at a character', () => {
  const { socket, end } = open();
  end.stream.abort(new Error(`${'x'.repeat(121)}€ and more`));
  expect(socket.closes).toEqual([[4011, 'x'.repeat(121)]]);
  end.stream.abort(new Error('Again'));
  expect(socket.closes).toHaveLength(1);
});

test('what the peer is told of an abort can be chosen', () => {
  const { socket, end } = open({ closeReason: () => 'Internal error' });
  end.stream.abort(new Error('connect ECONNREFUSED 10.0.0.7:5432'));
  expect(socket.closes).toEqual([[4011, 'Internal error']]);
});

test('a socket that is closing, or a mark that is no number of bytes, is refused', () => {
  expect(() => open({}, 2)).toThrow('WebSocket is not open: expected readyState 0 or 1, got: 2');
  expect(() => open({ highWaterMarkBytes: 0 })).toThrow(
    'Wrong highWaterMarkBytes: expected an integer from 1 to 2147483647, got: 0',
  );
});

test.for(['ws', 'undici', 'global'] as const)('an abort reaches the peer of %s as code and reason', async (client) => {
  const { a, b, closed } = await webSockets(CLIENTS[client]);
  const random = new SeededRandom(1);
  const [here, there] = [new End('a', a, random), new End('b', b, random)];
  await Promise.all([here.write(Buffer.from('x')), there.read(1)]);
  here.stream.abort(new Error('The target is gone'));
  await expect(there.read(1)).rejects.toMatchObject({
    code: 'WEBSOCKET_CLOSED',
    details: { closeCode: client === 'ws' ? 1011 : 4011, closeReason: 'The target is gone' },
  });
  await closed;
});

test.for([
  ['ws', 'still on its way'],
  ['undici', ''],
  ['global', ''],
] as const)('what is on its way when %s shuts down arrives as "%s"', async ([client, arrives]) => {
  const { a, b, closed } = await webSockets(CLIENTS[client]);
  const random = new SeededRandom(1);
  const [here, there] = [new End('a', a, random), new End('b', b, random)];
  await Promise.all([here.write(Buffer.from('x')), there.read(1)]);
  expect(here.stream.pollShutdown(here.writing)).toBe(PENDING);
  // In the same turn: the other end cannot have seen the Close yet.
  expect(write(there, 'still on its way')).toBe(16);
  expect((await here.readToEnd()).toString()).toBe(arrives);
  await Promise.all([here.shutdown(), there.readToEnd()]);
  await closed;
});

test('an abort behind data that nobody reads terminates a ws at once', async () => {
  const { a, b, closed } = await webSockets(CLIENTS.ws);
  const random = new SeededRandom(1);
  const [here, there] = [new End('a', a, random), new End('b', b, random)];
  await Promise.all([here.write(Buffer.from('x')), there.read(1)]);
  const taken = await here.fill(65_536, 64 * 1024 * 1024);
  here.stream.abort(new Error('Enough'));
  // It had sent more than it could deliver: the peer gets a part, and then an error instead of an end.
  await expect(there.read(taken + 1)).rejects.toMatchObject({
    code: 'WEBSOCKET_CLOSED',
    details: { closeCode: 1006 },
  });
  await closed;
});

test('who writes to a W3C WebSocket that is not read fails its stream, and the bytes before it are not lost', async () => {
  const { a, b, closed } = await webSockets(CLIENTS.global, false, { maxQueuedBytes: 100_000 });
  const random = new SeededRandom(1);
  const [here, there] = [new End('a', a, random), new End('b', b, random)];
  await Promise.all([there.write(Buffer.from('x')), here.read(1)]);
  const payload = random.bytes(2_000_000);
  // What the kernel takes before the Close comes back is no matter: the stream has failed at both ends.
  await Promise.allSettled([there.write(payload)]);
  await expect(there.readToEnd()).rejects.toMatchObject({ code: 'WEBSOCKET_CLOSED', details: { closeCode: 4011 } });
  expect((await here.read(50_000)).equals(payload.subarray(0, 50_000))).toBe(true);
  await expect(here.readToEnd()).rejects.toMatchObject({ code: 'WEBSOCKET_QUEUE_FULL' });
  await closed;
});
