import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { copyBidirectional } from '../../../src/copy/copy-bidirectional.ts';
import { CopyError } from '../../../src/copy/copy-error.ts';
import { Diagnosis } from '../../../src/diagnose/diagnosis.ts';
import type { Ending } from '../../../src/diagnose/detector.ts';
import type { Finding } from '../../../src/diagnose/finding.ts';
import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { fromSocket } from '../../../src/streams/from-socket.ts';
import { fromWebSocket } from '../../../src/streams/from-web-socket.ts';
import { READER_SLOT, WakeSlot } from '../../../src/streams/wake-slot.ts';
import { Kind } from '../../../src/trace/event-kind.ts';
import { readRing } from '../../../src/trace/read-ring.ts';
import { Recorder } from '../../../src/trace/recorder.ts';
import { ringItems } from '../../../src/trace/ring-snapshot.ts';
import { KIB, MIB, tcpPair } from '../../streams/support/sockets.ts';

/** What only full buffers of the kernel show. */

/** More than two sockets, their kernel and the streams above them hold. */
const MUCH = 32 * MIB;
const MARK = 256 * KIB;

function diagnose(recorder: Recorder, ending?: Partial<Ending>): Finding[] {
  const diagnosis = new Diagnosis();
  for (const item of ringItems(recorder.buffer)) diagnosis.item(item);
  diagnosis.end(ending);
  return diagnosis.findings();
}

/** Until the copy has recorded such events, and then nothing for 300 ms: nobody is left who would move anything. */
async function still(recorder: Recorder, isThere: (lines: readonly string[]) => boolean): Promise<void> {
  for (;;) {
    const before = recorder.nextSeq;
    await delay(300);
    if (recorder.nextSeq !== before) continue;
    const lines = readRing(recorder.buffer).map(({ kind, direction, half }) => `${direction} ${half} ${kind}`);
    if (isThere(lines)) return;
  }
}

const PARKED = { outcome: 'parked', atMs: 1000 } as const;

test('two peers that write and do not read: every buffer on the way is full, in both directions', async () => {
  const [client, server] = [await tcpPair(), await tcpPair()];
  const recorder = new Recorder();
  const copied = copyBidirectional(fromSocket(client.near), fromSocket(server.near), { recorder });
  for (const { far } of [client, server]) far.end(Buffer.alloc(MUCH));
  await still(recorder, (lines) => lines.includes('a -> b write queue') && lines.includes('b -> a write queue'));
  const [finding, ...more] = diagnose(recorder, PARKED);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ class: 'mutual-write-deadlock', confidence: 'certain' });
  expect(finding?.meaning).toMatch(/\d+ bytes wait to be sent to b \(mark 262144\)/);
  expect(finding?.meaning).toMatch(/\d+ bytes wait to be sent to a \(mark 262144\)/);
  // They were slow, and read in the end: the same trace, some time later.
  for (const { far } of [client, server]) far.resume();
  expect(await copied).toEqual({ aToB: MUCH, bToA: MUCH });
  expect(diagnose(recorder, { outcome: 'completed' })).toEqual([]);
});

/** A WebSocket of `ws` over the loopback, and its peer, which is paused. */
async function webSockets(options: { readonly autoPong: boolean }): Promise<{ near: WebSocket; far: WebSocket }> {
  const wss = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(wss, 'listening');
  const accepting = once(wss, 'connection') as Promise<[WebSocket]>;
  const near = new WebSocket(`ws://127.0.0.1:${(wss.address() as AddressInfo).port}`, options);
  const [far] = await accepting;
  far.pause();
  onTestFinished(() => {
    near.terminate();
    far.terminate();
    wss.close();
  });
  return { near, far };
}

/** The stream, but for what an adapter does differently. */
function differing(stream: PollStream, parts: Partial<PollStream>): PollStream {
  return {
    pollRead: (cx, bytes, start, end) => stream.pollRead(cx, bytes, start, end),
    pollWrite: (cx, bytes, start, end, given) => stream.pollWrite(cx, bytes, start, end, given),
    pollFlush: (cx) => stream.pollFlush(cx),
    pollShutdown: (cx) => stream.pollShutdown(cx),
    abort: (reason) => stream.abort?.(reason),
    ...parts,
  };
}

/** An adapter that sends what it is offered, however much of it lies in memory. */
function takingEverything(ws: WebSocket): PollStream {
  return differing(fromWebSocket(ws), {
    pollWrite: (cx, bytes, start, end) => {
      ws.send(Buffer.from(bytes.subarray(start, end)));
      cx.note?.(Kind.QUEUE, ws.bufferedAmount, MARK);
      return end - start;
    },
  });
}

test.each([
  ['an adapter that takes everything', takingEverything, ['no-backpressure a -> b']],
  ['an adapter at its mark', (ws: WebSocket) => fromWebSocket(ws), []],
] as const)('%s, before a WebSocket whose peer does not read', async (_, adapt, expected) => {
  const { near, far } = await webSockets({ autoPong: true });
  const client = await tcpPair();
  const recorder = new Recorder();
  const abort = new AbortController();
  const copied = copyBidirectional(fromSocket(client.near), adapt(near), { recorder, signal: abort.signal });
  client.far.write(Buffer.alloc(MUCH));
  await still(recorder, (lines) => lines.includes('a -> b write queue'));
  expect(diagnose(recorder).map((finding) => `${finding.class} ${finding.direction}`)).toEqual(expected);
  abort.abort();
  far.terminate();
  await expect(copied).rejects.toMatchObject({ code: 'ABORTED' });
});

/**
 * An adapter that answers pings itself. `coupled`: through the queue of its data, and reading waits for a place there; else at
 * once, as `ws` by itself would.
 */
function answeringPings(ws: WebSocket, coupled: boolean): PollStream {
  const inner = fromWebSocket(ws);
  const reader = new WakeSlot(READER_SLOT);
  const pings: Buffer[] = [];
  ws.on('ping', (data: Buffer) => {
    pings.push(data);
    if (coupled) ws.pause();
    reader.wake();
  });
  const isHeldUp = (cx: Context): boolean => {
    if (coupled && pings.length > 0 && ws.bufferedAmount >= MARK) {
      cx.note?.(Kind.BLOCKED, 1, 0);
      return true;
    }
    for (const data of pings.splice(0)) ws.pong(data);
    if (ws.isPaused) ws.resume();
    return false;
  };
  return differing(inner, {
    pollRead: (cx, bytes, start, end) => {
      const n = isHeldUp(cx) ? PENDING : inner.pollRead(cx, bytes, start, end);
      return n === PENDING ? reader.wait(cx) : n;
    },
    pollWrite: (cx, bytes, start, end, given) => {
      const n = inner.pollWrite(cx, bytes, start, end, given);
      if (n > 0) reader.wake();
      return n;
    },
  });
}

test.each([
  ['behind its data', true, ['control-frame-coupling b -> a'], 'ABORTED'],
  ['apart from its data', false, [], 'completed'],
] as const)('a pong %s, to a peer that reads once it has been read', async (_, coupled, expected, end) => {
  const { near, far } = await webSockets({ autoPong: false });
  const client = await tcpPair();
  const recorder = new Recorder();
  const abort = new AbortController();
  const options = { recorder, signal: abort.signal };
  const copied = copyBidirectional(fromSocket(client.near), answeringPings(near, coupled), options);
  client.far.resume();
  client.far.end(Buffer.alloc(MUCH));
  await still(recorder, (lines) => lines.includes('a -> b write queue'));
  // A program that writes, and reads when that is done.
  far.ping('there?');
  far.send(Buffer.alloc(MUCH), () => {
    far.resume();
  });
  const ended = copied.then(
    () => 'completed',
    (error: unknown) => (error instanceof CopyError ? error.code : String(error)),
  );
  await (coupled ? still(recorder, (lines) => lines.includes('b -> a read blocked')) : ended);
  const found = diagnose(recorder, coupled ? PARKED : { outcome: 'completed' });
  expect(found.map((finding) => `${finding.class} ${finding.direction}`)).toEqual(expected);
  abort.abort();
  expect(await ended).toBe(end);
});
