import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { PeerEvents, PeerLink } from './peer-link.ts';

/** A TCP connection. */
export class SocketLink implements PeerLink {
  readonly hasHalfClose = true;
  readonly #socket: Socket;

  /** @param socket made with `allowHalfOpen`. */
  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
  }

  listen(events: PeerEvents): void {
    const socket = this.#socket;
    socket.on('error', (error: NodeJS.ErrnoException) => {
      events.failed(error.code ?? error.message);
    });
    socket.on('end', () => {
      events.end();
    });
    socket.once('close', () => {
      events.end();
      events.close();
    });
    socket.on('data', (chunk: Buffer) => {
      events.data(chunk);
    });
    // It has waited for somebody to listen.
    socket.resume();
  }

  async say(bytes: Uint8Array): Promise<void> {
    const socket = this.#socket;
    if (socket.destroyed || socket.write(bytes)) return;
    // A connection that breaks tells of that itself.
    const gone = new AbortController();
    socket.once('close', () => {
      gone.abort();
    });
    await once(socket, 'drain', { signal: gone.signal }).catch(() => undefined);
  }

  end(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
