import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { Agent, WebSocket as UndiciWebSocket } from 'undici';
import { onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import type { FaultEntry } from '../../../../harness/faults/fault-plan.ts';
import { faultyWebSocket } from '../../../../harness/faults/faulty-web-socket.ts';
import { WebSocketLink } from '../../../../harness/faults/websocket/wire/web-socket-link.ts';
import { PENDING } from '../../../../src/poll/pending.ts';
import type { PollStream } from '../../../../src/poll/poll-stream.ts';
import { readRing } from '../../../../src/trace/read-ring.ts';
import { Recorder } from '../../../../src/trace/recorder.ts';

/** Whose frames are broken, and who gets them. */
export const PAIRINGS = [
  'ws client -> ws server',
  'undici client -> ws server',
  'ws server -> ws client',
  'ws server -> undici client',
] as const;
export type Pairing = (typeof PAIRINGS)[number];

export interface LabOptions {
  readonly deflate?: boolean;
  /** What the broken side sends before it closes. Default: one, two. */
  readonly messages?: readonly string[];
  /** Who closes, and when. Default: the broken side, right behind its messages. */
  readonly closer?: Closer;
  /** So many lines of the peer end it, once every fault has fired. Default: that both sides have closed. */
  readonly lines?: number;
  readonly maxPayload?: number;
}

export type Closer =
  | 'broken side'
  /** Once the peer has got the last message and said so. */
  | 'broken side, answered'
  /** Once the peer has pinged it. */
  | 'broken side, pinged'
  /** Once it has got the last message. */
  | 'peer'
  /** Whoever finds fault with the other. */
  | 'nobody';

export interface LabRun {
  /** What the peer saw, a line each; after a bar, how the broken side closed, or the peer's readyState if neither did. */
  readonly seen: string;
  /** The faults of the trace, by name. */
  readonly faults: readonly string[];
}

/** A stream that does nothing: the test talks to the WebSocket itself. */
const inert: PollStream = {
  pollRead: () => PENDING,
  pollWrite: () => PENDING,
  pollFlush: () => PENDING,
  pollShutdown: () => PENDING,
};

/** What `ws` and undici have in common, as far as it is needed. */
type AnySocket = WebSocket | UndiciWebSocket;

/** One connection over loopback: the broken side sends its messages and closes, and the peer says what it sees. */
export async function runLab(
  pairing: Pairing,
  faults: readonly FaultEntry[],
  options: LabOptions = {},
): Promise<LabRun> {
  const { deflate = false, closer = 'broken side', lines, messages = ['one', 'two'] } = options;
  const recorder = new Recorder();
  const texts = new Map<number, string>();
  recorder.notes.listen((note) => {
    if (note.kind === 'string') texts.set(note.id, note.text.replace(/ \(.*/, ''));
  });
  const log: string[] = [];
  const isServerBroken = pairing.startsWith('ws server');
  const link = new WebSocketLink();
  const changed = new Signal();
  let fired = 0;
  let end: string | null = null;

  const broken = (socket: AnySocket): void => {
    const onFire = (): void => {
      fired += 1;
      changed.fire();
    };
    faultyWebSocket(socket as WebSocket, { faults }, { link, recorder, onFire, adapt: () => inert });
    const isWs = socket instanceof WebSocket;
    const begin = (): void => {
      for (const message of messages) socket.send(message);
      if (closer === 'broken side') socket.close(1000, 'bye');
    };
    watch(socket, (line) => {
      if (line.startsWith('text')) socket.close(1000, 'bye');
      if (!line.startsWith('close')) return;
      end = line;
      changed.fire();
    });
    if (socket.readyState === 1) begin();
    else if (isWs) socket.on('open', begin);
    else socket.addEventListener('open', begin);
  };
  let peerState = (): number => 0;
  const peer = (socket: AnySocket): void => {
    peerState = () => socket.readyState;
    watch(socket, (line) => {
      log.push(line);
      changed.fire();
      if (line !== `text ${messages.at(-1)}`) return;
      if (closer === 'peer') socket.close(1000, 'bye');
      if (closer === 'broken side, answered') socket.send('seen');
    });
    const begin = (): void => {
      if (closer !== 'broken side, pinged') return;
      if (socket instanceof WebSocket) socket.ping('pang');
      socket.send('go');
    };
    if (socket.readyState === 1) begin();
    else if (socket instanceof WebSocket) socket.on('open', begin);
    else socket.addEventListener('open', begin);
  };

  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: deflate ? { threshold: 0 } : false,
    maxPayload: options.maxPayload ?? 100 * 1024 * 1024,
  });
  const http = createServer();
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const raw = isServerBroken ? link.upgrade(socket, head) : socket;
    server.handleUpgrade(request, raw, isServerBroken ? Buffer.alloc(0) : head, (ws) => {
      if (isServerBroken) broken(ws);
      else peer(ws);
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  // A TCP server that listens has one.
  const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const agent = isServerBroken ? new Agent() : new Agent({ connect: link.connect });
  const client = pairing.includes('undici')
    ? new UndiciWebSocket(url, { dispatcher: agent })
    : new WebSocket(url, {
        perMessageDeflate: deflate ? { threshold: 0 } : false,
        ...(isServerBroken ? {} : { createConnection: link.createConnection }),
      });
  if (isServerBroken) peer(client);
  else broken(client);
  const clean = async (): Promise<void> => {
    for (const ws of server.clients) ws.terminate();
    if (client instanceof WebSocket) client.terminate();
    await agent.destroy();
    http.closeAllConnections();
    http.close();
    if (http.listening) await once(http, 'close');
  };
  onTestFinished(clean);

  const isOver = (): boolean =>
    lines === undefined
      ? end !== null && log.some((line) => line.startsWith('close'))
      : log.length >= lines && fired >= faults.length;
  while (!isOver()) await changed.next();
  const names = readRing(recorder.buffer).filter(({ kind }) => kind === 'fault');
  return {
    seen: `${log.join(', ')} | ${lines === undefined ? end : `state ${peerState()}`}`,
    faults: names.map(({ n }) => texts.get(Number(n)) ?? '?'),
  };
}

/** Wakes whoever waits for the next change. */
class Signal {
  #waiting: (() => void)[] = [];

  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  fire(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

function watch(socket: AnySocket, say: (line: string) => void): void {
  if (socket instanceof WebSocket) {
    socket.on('message', (data: RawData, isBinary) => {
      say(shown(isBinary ? 'binary' : 'text', data as Buffer));
    });
    socket.on('ping', (data) => {
      say(shown('ping', data));
    });
    socket.on('pong', (data) => {
      say(shown('pong', data));
    });
    socket.on('error', (error: Error & { code?: string }) => {
      say(`error ${error.code ?? error.message}`);
    });
    socket.on('close', (code, reason) => {
      say(`close ${code} ${reason.toString()}`.trimEnd());
    });
    return;
  }
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('message', ({ data }) => {
    const bytes = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data as ArrayBuffer);
    say(shown(typeof data === 'string' ? 'text' : 'binary', bytes));
  });
  socket.addEventListener('error', (event) => {
    say(`error ${event.message}`.trimEnd());
  });
  socket.addEventListener('close', ({ code, reason }) => {
    say(`close ${code} ${reason}`.trimEnd());
  });
}

function shown(kind: string, bytes: Buffer): string {
  return bytes.byteLength > 40 ? `${kind} of ${bytes.byteLength} bytes` : `${kind} ${bytes.toString()}`.trimEnd();
}
