import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { copyBidirectional } from '../../../src/copy/copy-bidirectional.ts';
import { Diagnosis } from '../../../src/diagnose/diagnosis.ts';
import type { Ending } from '../../../src/diagnose/detector.ts';
import { fromSocket } from '../../../src/streams/from-socket.ts';
import { fromWebSocket } from '../../../src/streams/from-web-socket.ts';
import { Recorder } from '../../../src/trace/recorder.ts';
import { ringItems } from '../../../src/trace/ring-snapshot.ts';
import { tcpPair } from '../../streams/support/sockets.ts';

/**
 * Between a TCP client and a real WebSocket, whose server does by hand what one does with a Close: it answers, it does not,
 * or it drops the connection. Only real sockets show who has asked whom, and who has not answered.
 */

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const CLOSE = 0x88;

type OnClose = 'ignore' | 'answer' | 'reset';

/** Its client's first frame is its Close: nothing was said before. */
async function serverThat(onClose: OnClose): Promise<{ url: string; gotClose: Promise<void> }> {
  const { promise: gotClose, resolve } = Promise.withResolvers<void>();
  const server = createServer();
  const sockets: Duplex[] = [];
  server.on('upgrade', ({ headers }, socket: Socket) => {
    sockets.push(socket);
    const key = createHash('sha1').update(`${headers['sec-websocket-key']}${GUID}`).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`,
    );
    socket.on('error', () => undefined);
    socket.on('data', (frame: Buffer) => {
      if (frame[0] !== CLOSE) return;
      resolve();
      if (onClose === 'answer') socket.end(Buffer.from([CLOSE, 2, 0x03, 0xe8]));
      else if (onClose === 'reset') socket.resetAndDestroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, gotClose };
}

async function copyTo(onClose: OnClose, closeTimeoutMs: number) {
  const { url, gotClose } = await serverThat(onClose);
  const webSocket = new WebSocket(url);
  await once(webSocket, 'open');
  const { near, far } = await tcpPair();
  far.on('error', () => undefined);
  const recorder = new Recorder();
  const abort = new AbortController();
  const outcome = copyBidirectional(fromSocket(near), fromWebSocket(webSocket, { closeTimeoutMs }), {
    recorder,
    signal: abort.signal,
  }).then(
    () => 'completed' as const,
    () => 'failed' as const,
  );
  onTestFinished(async () => {
    abort.abort();
    await outcome;
    far.destroy();
    webSocket.terminate();
  });
  far.end();
  return { recorder, outcome, gotClose };
}

function found(recorder: Recorder, ending: Partial<Ending>): string[] {
  const diagnosis = new Diagnosis();
  for (const item of ringItems(recorder.buffer)) diagnosis.item(item);
  diagnosis.end(ending);
  return diagnosis.findings().map(({ class: name, direction, confidence }) => `${name} ${direction}, ${confidence}`);
}

test('a Close that the peer does not answer is what a parked copy waits for', async () => {
  const { recorder, gotClose } = await copyTo('ignore', 60_000);
  await gotClose;
  expect(found(recorder, { outcome: 'parked' })).toEqual(['shutdown-waits-for-peer a -> b, certain']);
});

test('where a limit ends the wait, that is still what it has waited for', async () => {
  const { recorder, outcome } = await copyTo('ignore', 20);
  expect(await outcome).toBe('failed');
  expect(found(recorder, { outcome: 'failed' })).toEqual(['shutdown-waits-for-peer a -> b, certain']);
});

test('a Close that is answered is nothing to find, nor is a peer that resets the connection instead', async () => {
  const answered = await copyTo('answer', 60_000);
  expect(await answered.outcome).toBe('completed');
  expect(found(answered.recorder, { outcome: 'completed' })).toEqual([]);
  const reset = await copyTo('reset', 60_000);
  expect(await reset.outcome).toBe('failed');
  expect(found(reset.recorder, { outcome: 'failed' })).toEqual([]);
});
