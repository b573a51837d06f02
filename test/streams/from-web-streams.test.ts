import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WritableStream as WritableOf } from 'node:stream/web';
import { expect, onTestFinished, test } from 'vitest';
import { PENDING } from '../../src/poll/pending.ts';
import { fromWebStreams, type FromWebStreamsOptions, type WebStreams } from '../../src/streams/from-web-streams.ts';
import { End } from './support/end.ts';
import { SeededRandom } from './support/seeded-random.ts';

function wrap(streams: Partial<WebStreams>, options: FromWebStreamsOptions = {}): End {
  const { readable = new ReadableStream(), writable = new WritableStream() } = streams;
  return new End('a', fromWebStreams({ readable, writable }, options), new SeededRandom(1));
}

/** A readable that gives these chunks, one for each pull, and then does what comes after them. */
function readableOf(chunks: unknown[], then: (controller: ReadableStreamDefaultController<unknown>) => void) {
  const left = [...chunks];
  const pull = (controller: ReadableStreamDefaultController<unknown>): void => {
    if (left.length > 0) controller.enqueue(left.shift());
    else then(controller);
  };
  return new ReadableStream<unknown>({ pull }, { highWaterMark: 0 });
}

test('an empty chunk is not the end of the stream', async () => {
  const chunks = [new Uint8Array(0), Buffer.from('x'), new Uint8Array(0), Buffer.from('y'), new Uint8Array(0)];
  const end = wrap({
    readable: readableOf(chunks, (controller) => {
      controller.close();
    }),
  });
  expect((await end.readToEnd()).toString()).toBe('xy');
});

test('empty chunks without end do not freeze the event loop', async () => {
  const end = wrap({
    readable: readableOf([], (controller) => {
      controller.enqueue(new Uint8Array(0));
    }),
  });
  const reading = end.read(1);
  for (let turn = 0; turn < 100; turn += 1) await nextTurn();
  end.stream.abort(new Error('Enough'));
  await expect(reading).rejects.toMatchObject({ code: 'STREAM_ABORTED' });
});

test.for([
  ['text', 'string'],
  [null, 'Null'],
  [new ArrayBuffer(1), 'ArrayBuffer'],
  [new Uint16Array(1), 'Uint16Array'],
  [Object.create(null), 'Object'],
] as const)('the chunk %s is no bytes', async ([chunk, name]) => {
  let cancelled: unknown;
  const readable = new ReadableStream<unknown>({
    start: (controller) => {
      controller.enqueue(chunk);
    },
    cancel: (reason) => {
      cancelled = reason;
    },
  });
  const end = wrap({ readable });
  await expect(end.read(1)).rejects.toMatchObject({
    code: 'WEB_STREAM_CHUNK_INVALID',
    message: `Wrong chunk from a readable stream: expected a Uint8Array, got: ${name}`,
  });
  expect(cancelled).toMatchObject({ code: 'WEB_STREAM_CHUNK_INVALID' });
});

test('what a readable fails with is the cause, after the bytes before it', async () => {
  const cause = new Error('The disk is gone');
  const end = wrap({
    readable: readableOf([Buffer.from('kept')], (controller) => {
      controller.error(cause);
    }),
  });
  expect((await end.read(4)).toString()).toBe('kept');
  await expect(end.read(1)).rejects.toMatchObject({ code: 'WEB_STREAM_FAILED', cause });
});

test('what a writable fails with is the cause, for writes, flush and shutdown', async () => {
  const cause = new Error('The disk is full');
  const end = wrap({ writable: new WritableStream({ write: () => Promise.reject(cause) }) });
  const failure = { code: 'WEB_STREAM_FAILED', message: 'Writable stream failed: The disk is full', cause };
  await end.write(Buffer.from('x'));
  await expect(end.flush()).rejects.toMatchObject(failure);
  await expect(end.write(Buffer.from('y'))).rejects.toMatchObject(failure);
  await expect(end.shutdown()).rejects.toMatchObject(failure);
});

test('a writer that waits is told when the writable fails under it', async () => {
  let controller: WritableStreamDefaultController | undefined;
  const writable = new WritableStream<Uint8Array>({
    start: (c) => {
      controller = c;
    },
    write: () => new Promise(() => undefined),
  });
  const end = wrap({ writable });
  await end.write(Buffer.from('x'));
  const waiting = end.write(Buffer.from('y'));
  controller?.error(new Error('Gone'));
  await expect(waiting).rejects.toMatchObject({ code: 'WEB_STREAM_FAILED' });
});

test('a close that fails is no clean shutdown', async () => {
  const end = wrap({ writable: new WritableStream({ close: () => Promise.reject(new Error('Not synced')) }) });
  await expect(end.shutdown()).rejects.toMatchObject({ message: 'Writable stream failed: Not synced' });
});

test('a writable with a high-water mark of 0 gets one chunk at a time', async () => {
  const seen: string[] = [];
  const writable = new WritableStream<Uint8Array>(
    { write: (chunk) => void seen.push(Buffer.from(chunk).toString()) },
    { highWaterMark: 0 },
  );
  const end = wrap({ writable });
  await end.write(Buffer.from('x'));
  await end.write(Buffer.from('y'));
  await end.flush();
  expect(seen).toEqual(['x', 'y']);
});

test('an abort leaves no promise unhandled, whatever source and sink do with it', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  onTestFinished(() => {
    process.off('unhandledRejection', note);
  });
  const told: unknown[] = [];
  const refuse = (reason: unknown): Promise<never> => {
    told.push(reason);
    return Promise.reject(new Error('Refused'));
  };
  const end = wrap({
    readable: new ReadableStream({ cancel: refuse }),
    writable: new WritableStream({ write: () => Promise.reject(new Error('No')), abort: refuse }),
  });
  const reason = new Error('Cut');
  expect(end.pollOnce()).toBe(PENDING);
  await end.write(Buffer.from('x'));
  end.stream.pollShutdown(end.writing);
  end.stream.abort(reason);
  end.stream.abort(reason);
  for (let turn = 0; turn < 3; turn += 1) await nextTurn();
  expect(unhandled).toEqual([]);
  expect(told).toContain(reason);
});

test('a chunk that another reader may hold is copied, one of a byte stream is handed over', async () => {
  const slot = { bytes: new Uint8Array(0), start: 0, end: 0 };
  const chunk = new Uint8Array(8);
  const [branch] = new ReadableStream({
    start: (controller) => {
      controller.enqueue(chunk);
    },
  }).tee();
  const shared = wrap({ readable: branch });
  await shared.reading.until((cx) => shared.stream.pollChunk?.(cx, slot) ?? 0);
  expect(slot.bytes.buffer).not.toBe(chunk.buffer);

  const owned = wrap(
    {
      readable: new ReadableStream({
        start: (controller) => {
          controller.enqueue(chunk);
        },
      }),
    },
    { ownsChunks: true },
  );
  await owned.reading.until((cx) => owned.stream.pollChunk?.(cx, slot) ?? 0);
  expect(slot.bytes).toBe(chunk);
});

test('a given chunk may be transferred away, and what shares its memory stays', async () => {
  // A sink that detaches what it gets, as the queue of a byte stream does.
  const writable = new WritableStream<Uint8Array>({
    write: (chunk) => void structuredClone(chunk, { transfer: [chunk.buffer as ArrayBuffer] }),
  });
  const end = wrap({ writable });
  const slab = new Uint8Array(64).fill(7);
  end.stream.pollWrite(end.writing, slab, 0, 32, true);
  await end.flush();
  expect(slab[40]).toBe(7);
});

test('a locked stream is refused, and the other one is left alone', () => {
  const readable = new ReadableStream();
  const writable = new WritableStream<Uint8Array>();
  writable.getWriter();
  expect(() => fromWebStreams({ readable, writable })).toThrow('Writable stream is locked by another writer');
  expect(readable.locked).toBe(false);
  readable.getReader();
  expect(() => fromWebStreams({ readable, writable: new WritableStream() })).toThrow('Readable stream is locked');
});

// A limit of node:stream, so that whoever wraps a socket this way learns it here: fromSocket has none of it.
test('over Duplex.toWeb a shutdown arrives, but is done only when the peer has ended too', async () => {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepting = once(server, 'connection') as Promise<[Socket]>;
  const client = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
  const [accepted] = await accepting;
  const closed = Promise.all([once(client, 'close'), once(accepted, 'close'), once(server, 'close')]);
  server.close();
  const { readable, writable } = Duplex.toWeb(client);
  const end = wrap({ readable, writable: writable as WritableOf<Uint8Array> });
  let isDone = false;
  const shutdown = end.shutdown().then(() => {
    isDone = true;
  });
  accepted.resume();
  await once(accepted, 'end');
  expect(isDone).toBe(false);
  accepted.end();
  await Promise.all([shutdown, end.readToEnd()]);
  await closed;
});
