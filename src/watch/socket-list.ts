import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import type { SocketNote } from '../trace/trace-note.ts';
import { watched } from './answer-pings.ts';

/** Sockets that are told of; of more, those that were opened first. */
const MAX_SOCKETS = 1024;

/** Node publishes each socket that `net.connect` makes, and each that a server accepts; TLS clients are not among them. */
const CHANNELS = ['net.client.socket', 'net.server.socket'] as const;

const SOCKETS_KEY = Symbol.for('relayscope.sockets');

/**
 * Keeps a list of the sockets that this program opens from now on, without holding them, so that whoever looks into the
 * program while it is stuck learns what each has moved and waits for: `Watched.sockets`, and the same function under
 * `globalThis[Symbol.for('relayscope.sockets')]`.
 *
 * @returns what ends it.
 */
export function listSockets(): () => void {
  const list = new SocketList();
  const onSocket = (message: unknown): void => {
    if (typeof message === 'object' && message !== null && 'socket' in message && message.socket instanceof Socket)
      list.add(message.socket);
  };
  for (const channel of CHANNELS) subscribe(channel, onSocket);
  const sockets = (): string => JSON.stringify(list.notes());
  watched().sockets = sockets;
  // Nobody else has a reason to use this name.
  const place = globalThis as unknown as Record<symbol, unknown>;
  place[SOCKETS_KEY] = sockets;
  return () => {
    for (const channel of CHANNELS) unsubscribe(channel, onSocket);
    delete watched().sockets;
    Reflect.deleteProperty(place, SOCKETS_KEY);
  };
}

/** The sockets of a program, weakly held. */
export class SocketList {
  #sockets: WeakRef<Socket>[] = [];
  /** The list is swept when it has grown to this. */
  #sweepAt = 64;

  /** Those that are gone and were not swept yet are counted. */
  get length(): number {
    return this.#sockets.length;
  }

  add(socket: Socket): void {
    if (this.#sockets.length >= this.#sweepAt) {
      this.#sockets = this.#sockets.filter((one) => one.deref()?.destroyed === false);
      // Twice what is left: so a sweep costs little for each socket.
      this.#sweepAt = Math.max(64, 2 * this.#sockets.length);
    }
    this.#sockets.push(new WeakRef(socket));
  }

  notes(): SocketNote[] {
    const notes: SocketNote[] = [];
    for (const one of this.#sockets) {
      const socket = one.deref();
      if (socket === undefined || socket.destroyed) continue;
      notes.push(noteOf(socket));
      if (notes.length === MAX_SOCKETS) break;
    }
    return notes;
  }
}

function noteOf(socket: Socket): SocketNote {
  const local = address(socket.localAddress, socket.localPort);
  const remote = address(socket.remoteAddress, socket.remotePort);
  return {
    ...(local === null ? {} : { local }),
    ...(remote === null ? {} : { remote }),
    bytesRead: socket.bytesRead,
    bytesWritten: socket.bytesWritten,
    readable: socket.readableLength,
    writable: socket.writableLength,
    state: stateOf(socket),
  };
}

function address(host: string | undefined, port: number | undefined): string | null {
  if (host === undefined || port === undefined) return null;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** What it waits for, in words, the reading half first. */
function stateOf(socket: Socket): string {
  if (socket.connecting) return 'connecting';
  const reading = socket.readableEnded ? 'its peer has ended' : readingState(socket);
  const writing = socket.writableEnded
    ? socket.writableFinished
      ? 'we have ended'
      : 'is being ended'
    : socket.writableLength > 0
      ? 'waits for its peer to read'
      : null;
  return writing === null ? reading : `${reading}, ${writing}`;
}

function readingState(socket: Socket): string {
  if (socket.isPaused()) return 'paused';
  // Neither flowing nor paused: nobody has asked for its bytes so far.
  if (socket.readableFlowing === null && socket.listenerCount('readable') === 0) return 'nobody reads it';
  return socket.readableLength > 0 ? 'has bytes that nobody takes' : 'waits for its peer to send';
}
