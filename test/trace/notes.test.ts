import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { BidirectionalCopy } from '../../src/copy/bidirectional-copy.ts';
import { copyBidirectional } from '../../src/copy/copy-bidirectional.ts';
import { fromSocket } from '../../src/streams/from-socket.ts';
import { memoryPair } from '../../src/streams/memory-pair.ts';
import { setAmbientRecorder } from '../../src/trace/ambient-recorder.ts';
import { readRing } from '../../src/trace/read-ring.ts';
import { Recorder, type RecorderOptions } from '../../src/trace/recorder.ts';
import type { RecorderNote } from '../../src/trace/recorder-notes.ts';
import { startOrigin } from '../tunnel/support/rig.ts';
import { readAll, tcpPair, writeAll } from '../streams/support/sockets.ts';

/** A recorder whose time is always 5 ms after it began, and what it says beside its records. */
function listened(options: RecorderOptions = {}) {
  let nowMs = 100;
  const clock = { nowMs: () => nowMs, after: () => () => undefined };
  const recorder = new Recorder({ ...options, clock });
  nowMs = 105;
  const notes: RecorderNote[] = [];
  const stop = recorder.notes.listen((note) => notes.push(note));
  return { recorder, notes, stop };
}

/** Copies `up` and `down` between two pairs in memory; returns what came out at each end. */
async function carry(recorder: Recorder | null | undefined, up: string, down: string) {
  const [client, a] = memoryPair();
  const [b, server] = memoryPair();
  const copy = copyBidirectional(a, b, recorder === undefined ? {} : { recorder });
  const [atServer, atClient] = [readAll(server), readAll(client)];
  await writeAll(client, Buffer.from(up));
  await writeAll(server, Buffer.from(down));
  client.pollShutdown(noContext);
  server.pollShutdown(noContext);
  return { counts: await copy, up: (await atServer).toString(), down: (await atClient).toString() };
}

const noContext = {
  direction: 'a -> b',
  half: 'write',
  budget: null,
  register: () => ({ wake: () => undefined }),
} as const;

test('a connection is named when it opens, and said to be over with its end', async () => {
  const { recorder, notes } = listened();
  await carry(recorder, 'up', 'down');
  expect(notes).toEqual([
    { kind: 'connection', note: { connection: 1, openedMs: 5 } },
    { kind: 'connection', note: { connection: 1, openedMs: 5, closedMs: 5, end: 'completed' } },
  ]);
});

test('sockets give a connection its name, and an abort its end', async () => {
  const { recorder, notes } = listened();
  const [one, other] = [await tcpPair(), await tcpPair()];
  for (const { far } of [one, other]) if (far.connecting) await once(far, 'connect');
  const stop = new AbortController();
  const copy = copyBidirectional(fromSocket(one.near), fromSocket(other.far), { recorder, signal: stop.signal });
  stop.abort();
  await expect(copy).rejects.toMatchObject({ code: 'ABORTED' });
  const ends = { a: `127.0.0.1:${one.far.localPort}`, b: `127.0.0.1:${other.near.localPort}` };
  expect(notes).toEqual([
    { kind: 'connection', note: { connection: 1, ...ends, openedMs: 5 } },
    {
      kind: 'connection',
      note: {
        connection: 1,
        ...ends,
        openedMs: 5,
        closedMs: 5,
        end: 'ABORTED',
        message: 'Copy aborted by its signal',
      },
    },
  ]);
});

test('a socket that was still connecting has its name at the end', async () => {
  const { recorder, notes } = listened();
  const { near, far } = await tcpPair();
  const port = await startOrigin((socket) => socket.pipe(socket));
  const outbound = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const copy = copyBidirectional(fromSocket(near), fromSocket(outbound), { recorder });
  far.resume();
  far.end('round');
  await copy;
  expect(notes.map((note) => note.kind === 'connection' && note.note.b)).toEqual([undefined, `127.0.0.1:${port}`]);
});

test('who listens later gets the connections that are open, and who stops gets nothing any more', () => {
  const { recorder, notes, stop } = listened();
  recorder.openConnection({ a: 'over' });
  recorder.openConnection({ a: 'open' });
  recorder.closeConnection(1, { end: 'completed' });
  stop();
  recorder.openConnection();
  expect(notes.length).toBe(3);
  const late: RecorderNote[] = [];
  recorder.notes.listen((note) => late.push(note));
  expect(late.map((note) => note.kind === 'connection' && note.note.connection)).toEqual([2, 3]);
});

test('connections that nobody closes are forgotten, the oldest first', () => {
  const { recorder } = listened();
  for (let i = 0; i < 5000; i += 1) recorder.openConnection();
  const late: RecorderNote[] = [];
  recorder.notes.listen((note) => late.push(note));
  expect(late.length).toBe(4096);
  expect(late[0]).toMatchObject({ note: { connection: 905 } });
});

test('how the latest connections ended can be asked for later', () => {
  const { recorder } = listened();
  const numbers = Array.from({ length: 300 }, () => recorder.openConnection());
  for (const number of numbers) recorder.closeConnection(number, { end: number === 300 ? 'ABORTED' : 'completed' });
  const { lastClosed } = recorder.notes;
  expect(lastClosed).toHaveLength(256);
  expect(lastClosed[0]).toMatchObject({ connection: 45, end: 'completed' });
  expect(lastClosed.at(-1)).toMatchObject({ connection: 300, end: 'ABORTED' });
});

test('a number that was opened elsewhere is used, and left open', () => {
  const { recorder, notes } = listened();
  const connection = recorder.openConnection({ a: 'mine' });
  const copy = new BidirectionalCopy(memoryPair()[0], memoryPair()[0], () => undefined, { recorder, connection });
  copy.poll();
  copy.close(null);
  expect([copy.connection, notes.length, readRing(recorder.buffer)[0]?.connection]).toEqual([1, 1, 1]);
});

test('no byte is kept unless it is asked for', async () => {
  const { recorder, notes } = listened();
  await carry(recorder, 'secret', 'secret');
  expect(notes.map(({ kind }) => kind)).toEqual(['connection', 'connection']);
});

/** The payload of one direction, put together by its offsets. */
function payloadOf(notes: readonly RecorderNote[], direction: string): { text: string; redacted: boolean[] } {
  let text = '';
  const redacted = new Set<boolean>();
  for (const note of notes) {
    if (note.kind !== 'payload' || note.payload.direction !== direction) continue;
    expect(note.payload.offset).toBe(text.length);
    text += Buffer.from(note.payload.bytes).toString('latin1');
    redacted.add(note.payload.redacted);
  }
  return { text, redacted: [...redacted] };
}

test('payload is what the writers took, each direction up to its limit', async () => {
  const { recorder, notes } = listened({ payload: { level: 'full', bytesPerDirection: 5 } });
  await carry(recorder, 'upwards', 'down');
  expect(payloadOf(notes, 'a -> b')).toEqual({ text: 'upwar', redacted: [false] });
  expect(payloadOf(notes, 'b -> a')).toEqual({ text: 'down', redacted: [false] });
});

test('redacted payload has stand-ins for everything but line breaks, and what goes through is untouched', async () => {
  const { recorder, notes } = listened({ payload: { level: 'redacted' } });
  const { up } = await carry(recorder, 'GET / HTTP/1.1\r\nCookie: 1\r\n', '');
  expect(up).toBe('GET / HTTP/1.1\r\nCookie: 1\r\n');
  expect(payloadOf(notes, 'a -> b')).toEqual({ text: 'xxxxxxxxxxxxxx\r\nxxxxxxxxx\r\n', redacted: [true] });
});

test('what is redacted is a copy, also of a chunk that the reader hands over', async () => {
  const { recorder, notes } = listened({ payload: { level: 'redacted' } });
  const [one, other] = [await tcpPair(), await tcpPair()];
  const copy = copyBidirectional(fromSocket(one.near), fromSocket(other.far), { recorder });
  other.near.end();
  one.far.resume();
  one.far.end('untouched');
  expect(String((await once(other.near, 'data'))[0])).toBe('untouched');
  await copy;
  expect(payloadOf(notes, 'a -> b')).toEqual({ text: 'xxxxxxxxx', redacted: [true] });
});

test('payload of a writer that claims more than it was offered is what it was offered', async () => {
  const { recorder, notes } = listened({ payload: { level: 'full' } });
  const [client, a] = memoryPair();
  const [b] = memoryPair();
  await writeAll(client, Buffer.from('four'));
  const liar = { ...bound(b), pollWrite: (...[, , start, end]: Parameters<typeof b.pollWrite>) => end - start + 1 };
  const copy = new BidirectionalCopy(a, liar, () => undefined, {
    recorder,
    dialect: 'tokio-1.24.1',
    limits: { iterationsPerPoll: 3 },
  });
  expect(() => copy.poll()).toThrow('Iteration limit');
  expect(payloadOf(notes, 'a -> b').text).toBe('four');
  expect(notes.at(-1)).toMatchObject({ note: { end: 'ITERATION_LIMIT' } });
});

function bound(stream: ReturnType<typeof memoryPair>[0]) {
  return {
    pollRead: stream.pollRead.bind(stream),
    pollWrite: stream.pollWrite.bind(stream),
    pollFlush: stream.pollFlush.bind(stream),
    pollShutdown: stream.pollShutdown.bind(stream),
  };
}

test('a copy that names no recorder uses the ambient one, and null is none', async () => {
  const { recorder, notes } = listened();
  const restore = setAmbientRecorder(recorder);
  onTestFinished(restore);
  await carry(null, 'not', 'recorded');
  expect(notes).toEqual([]);
  await carry(undefined, 'recorded', '');
  expect(notes.length).toBe(2);
  restore();
  await carry(undefined, 'not', 'any more');
  expect(notes.length).toBe(2);
});

test('the ambient recorder of somebody else is left alone', () => {
  const [mine, theirs] = [new Recorder(), new Recorder()];
  const restoreMine = setAmbientRecorder(mine);
  const restoreTheirs = setAmbientRecorder(theirs);
  onTestFinished(() => {
    setAmbientRecorder(null);
  });
  restoreMine();
  const copy = new BidirectionalCopy(memoryPair()[0], memoryPair()[0], () => undefined);
  expect([copy.connection, theirs.openConnection(), mine.openConnection()]).toEqual([1, 2, 1]);
  restoreTheirs();
});
