import { once } from 'node:events';
import { duplexPair, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, test } from 'vitest';
import { recordDuplex } from '../../src/record/record-duplex.ts';
import { RecordedCopy } from '../../src/record/recorded-copy.ts';
import { readRing } from '../../src/trace/read-ring.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import {
  bytesOf,
  closed,
  digest,
  findingsOf,
  linesOf,
  linesOn,
  notesOf,
  readAll,
  someBytes,
  tcpPair,
  tcpRelay,
} from './support.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: t.cn\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n';
const MIB = 1024 * 1024;

/** A relay over real sockets, both of them recorded before anything is piped. */
async function recordedRelay(allowHalfOpen: boolean) {
  const sockets = await tcpRelay(allowHalfOpen);
  const recorder = new Recorder();
  const copy = new RecordedCopy({ recorder, a: 'client', b: 'origin' });
  const stops = [recordDuplex(sockets.a, { copy, side: 'a' }), recordDuplex(sockets.b, { copy, side: 'b' })];
  return { ...sockets, recorder, copy, notes: notesOf(recorder), stop: () => stops.forEach((stop) => stop()) };
}

test('a pipe in both directions, from the request to the end of both', async () => {
  const { client, a, b, origin, recorder, notes } = await recordedRelay(true);
  a.pipe(b).pipe(a);
  client.end(REQUEST);
  expect((await readAll(origin)).toString()).toBe(REQUEST);
  origin.end('HTTP/1.1 302 Found\r\n\r\n');
  expect((await readAll(client)).toString()).toBe('HTTP/1.1 302 Found\r\n\r\n');
  if (!a.closed) await closed(a);
  if (!b.closed) await closed(b);
  expect(linesOn(recorder, 'a -> b')).toEqual([
    'read 68',
    'write 68',
    '(read) ended',
    'read 0',
    'shutting-down 68',
    'register write',
    'shutdown pending after the end',
    'wake write',
    '(write) end-sent',
    'shutdown 0 after the end',
    'done 68',
  ]);
  expect(linesOn(recorder, 'b -> a')).toEqual([
    'read 22',
    'write 22',
    '(read) ended',
    'read 0',
    'shutting-down 22',
    'register write',
    'shutdown pending after the end',
    'wake write',
    '(write) end-sent',
    'shutdown 0 after the end',
    'done 22',
  ]);
  expect(notes.get(1)).toMatchObject({ a: 'client', b: 'origin', sight: 'streams', end: 'completed' });
  expect(findingsOf(recorder, notes)).toEqual([]);
});

describe('it changes nothing', () => {
  test('a socket that nobody reads does not begin to flow', async () => {
    const { client, a, recorder } = await recordedRelay(true);
    client.write(REQUEST);
    await expect.poll(() => a.readableLength).toBe(68);
    expect([a.readableFlowing, a.listenerCount('data'), a.listenerCount('error')]).toEqual([null, 0, 0]);
    expect(linesOf(recorder)).toEqual([]);
  });

  test('the same bytes arrive, and a writer that is full is waited for', async () => {
    const { client, a, b, origin, recorder, notes } = await recordedRelay(true);
    // More than the buffers of the system hold, while nobody reads at the ends.
    const up = someBytes(32 * MIB);
    const down = someBytes(24 * MIB);
    const relayed = Promise.all([pipeline(a, b), pipeline(b, a)]);
    client.end(up);
    origin.end(down);
    await expect.poll(() => [a.writableNeedDrain, b.writableNeedDrain]).toEqual([true, true]);
    const [atOrigin, atClient] = await Promise.all([readAll(origin), readAll(client), relayed]);
    expect([digest(atOrigin), digest(atClient)]).toEqual([digest(up), digest(down)]);
    for (const [direction, bytes] of [
      ['a -> b', up],
      ['b -> a', down],
    ] as const) {
      expect(bytesOf(recorder, 'read', direction)).toBe(bytes.length);
      expect(bytesOf(recorder, 'write', direction)).toBe(bytes.length);
      const lines = linesOn(recorder, direction);
      expect(lines).toContain('register write');
      // Between the request to wait and its end nobody writes.
      const waits = lines.join('\n').split('register write').slice(1);
      for (const wait of waits) expect(wait.split('wake write')[0]).not.toContain('write ');
    }
    expect(findingsOf(recorder, notes)).toEqual([]);
  });

  test('the methods are the own ones of the socket again once it is over', async () => {
    const { a, stop } = await recordedRelay(true);
    expect(Object.getOwnPropertyNames(a)).toContain('write');
    expect(Object.keys(a)).not.toContain('write');
    stop();
    for (const name of ['emit', 'write', 'end', 'uncork', 'destroy']) {
      expect(Object.getOwnPropertyNames(a)).not.toContain(name);
    }
  });

  test('who has put a method of his own over ours keeps it, and nothing more is recorded', async () => {
    const { a, client, recorder, stop } = await recordedRelay(true);
    const ours = a.write.bind(a);
    let calls = 0;
    a.write = (chunk: Uint8Array | string) => {
      calls += 1;
      return ours(chunk);
    };
    stop();
    a.write('x');
    a.end();
    expect((await readAll(client)).toString()).toBe('x');
    expect(calls).toBe(1);
    expect(linesOf(recorder)).toEqual([]);
  });

  test('without a recorder nothing is hooked', () => {
    const [near] = duplexPair();
    recordDuplex(near, { copy: new RecordedCopy({ recorder: null }), side: 'a' });
    expect(Object.getOwnPropertyNames(near)).not.toContain('write');
  });
});

describe('what is seen of the writing half', () => {
  test('text in its encoding, the last chunk in end(), and what a cork holds back', () => {
    const recorder = new Recorder();
    const [near] = duplexPair();
    recordDuplex(near, { copy: new RecordedCopy({ recorder }), side: 'b' });
    near.write('héé');
    near.cork();
    near.write('cafe', 'hex');
    near.write('x');
    near.uncork();
    near.end('last');
    expect(linesOf(recorder)).toEqual([
      'a -> b write 5',
      'a -> b write 2',
      'a -> b write 1 held',
      'a -> b flush 0 held',
      'a -> b write 4',
      'a -> b shutting-down 12',
      'a -> b register write',
      'a -> b shutdown pending',
    ]);
  });

  test('a write after the end is refused', async () => {
    const recorder = new Recorder();
    const [near] = duplexPair();
    recordDuplex(near, { copy: new RecordedCopy({ recorder }), side: 'b' });
    near.on('error', () => undefined);
    near.end();
    near.write('late');
    await closed(near);
    expect(linesOf(recorder)).toEqual([
      'a -> b shutting-down 0',
      'a -> b register write',
      'a -> b shutdown pending',
      'a -> b write failed',
      'b -> a (read) failed',
      'b -> a read failed',
      'a -> b wake write',
      'a -> b (write) failed',
      'a -> b shutdown failed',
    ]);
  });

  test('a writer that is told to wait and does not is seen to go on', () => {
    const recorder = new Recorder();
    const [near] = duplexPair({ highWaterMark: 10 });
    recordDuplex(near, { copy: new RecordedCopy({ recorder }), side: 'b' });
    near.write('0123456789');
    near.write('0123456789');
    expect(linesOf(recorder)).toEqual([
      'a -> b write 10',
      'a -> b (write) queue over 10',
      'a -> b register write',
      'a -> b write 10',
      'a -> b (write) queue over 10',
    ]);
  });

  test('what was still to be sent when it is destroyed is lost', async () => {
    const { a, recorder, copy, notes } = await recordedRelay(true);
    // More than the buffers of both systems hold.
    a.write(someBytes(64 * MIB));
    const unsent = a.writableLength;
    expect(unsent).toBeGreaterThan(0);
    a.destroy();
    await closed(a);
    expect(linesOn(recorder, 'b -> a').slice(-3)).toEqual([
      'wake write',
      '(write) closed',
      `(write) discarded ${unsent}`,
    ]);
    expect(notes.get(copy.connection)?.end).toBeUndefined();
  });
});

describe('what is seen of the reading half', () => {
  test('a peer that resets', async () => {
    const [near, far] = await tcpPair(true);
    const recorder = new Recorder();
    const notes = notesOf(recorder);
    recordDuplex(near, { copy: new RecordedCopy({ recorder }), side: 'a' });
    near.on('error', () => undefined);
    near.resume();
    far.resetAndDestroy();
    await closed(near);
    expect(linesOf(recorder)).toEqual([
      'a -> b (read) failed',
      'a -> b read failed',
      'b -> a (write) failed',
      'b -> a write failed',
    ]);
    expect(notes.get(1)).toMatchObject({ end: 'DUPLEX_FAILED', message: 'Duplex failed: read ECONNRESET' });
  });

  test('what had arrived and was not read is lost with it', async () => {
    const [near, far] = await tcpPair(true);
    const recorder = new Recorder();
    recordDuplex(near, { copy: new RecordedCopy({ recorder }), side: 'a' });
    far.write(REQUEST);
    near.pause();
    near.read(0);
    await expect.poll(() => near.readableLength).toBe(68);
    near.destroy();
    await closed(near);
    expect(linesOf(recorder)).toEqual(['a -> b (read) closed', 'a -> b (read) discarded 68', 'b -> a (write) closed']);
  });

  test('text counts as the bytes that it was', async () => {
    const [near, far] = await tcpPair(true);
    const recorder = new Recorder();
    recordDuplex(near, { copy: new RecordedCopy({ recorder }), side: 'a' });
    near.setEncoding('latin1');
    const text: string[] = [];
    near.on('data', (chunk: string) => text.push(chunk));
    far.end(Buffer.of(0xe9, 0xe8));
    await once(near, 'end');
    expect(text.join('')).toBe('éè');
    expect(bytesOf(recorder, 'read', 'a -> b')).toBe(2);
  });

  test('an async iteration, and through a Transform', async () => {
    const { client, a, b, origin, recorder } = await recordedRelay(true);
    const shout = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        done(null, chunk.toString().toUpperCase());
      },
    });
    const relayed = pipeline(a, shout, b);
    client.end('quiet');
    expect((await readAll(origin)).toString()).toBe('QUIET');
    await relayed;
    expect([bytesOf(recorder, 'read', 'a -> b'), bytesOf(recorder, 'write', 'a -> b')]).toEqual([5, 5]);
    origin.end('reply');
    expect((await readAll(b)).toString()).toBe('reply');
    expect(linesOn(recorder, 'b -> a')).toEqual(['read 5', '(read) ended', 'read 0']);
  });
});

test('an event has the time at which it was, though no poll stamps it', () => {
  let nowMs = 100;
  const recorder = new Recorder({ clock: { nowMs: () => nowMs, after: () => () => undefined } });
  const [near] = duplexPair();
  recordDuplex(near, { copy: new RecordedCopy({ recorder }), side: 'b' });
  near.write('now');
  nowMs = 1100;
  near.write('a second later');
  expect(readRing(recorder.buffer).map(({ tickMs }) => tickMs)).toEqual([0, 1000]);
});

test('payload is kept if the recorder was asked to', async () => {
  const [near, far] = await tcpPair(true);
  const recorder = new Recorder({ payload: { level: 'full' } });
  const kept: string[] = [];
  recorder.notes.listen((note) => {
    if (note.kind === 'payload') kept.push(`${note.payload.direction} ${Buffer.from(note.payload.bytes).toString()}`);
  });
  recordDuplex(near, { copy: new RecordedCopy({ recorder }), side: 'b' });
  near.write('one');
  near.end(Buffer.from('two'));
  expect((await readAll(far)).toString()).toBe('onetwo');
  expect(kept).toEqual(['a -> b one', 'a -> b two']);
});

test('a Duplex of objects is refused', () => {
  const [near] = duplexPair({ objectMode: true });
  expect(() => recordDuplex(near, { copy: new RecordedCopy({ recorder: new Recorder() }), side: 'a' })).toThrow(
    expect.objectContaining({ code: 'DUPLEX_NOT_BYTES' }),
  );
});
