import type { RawData, WebSocket } from 'ws';
import type { PeerEvents, PeerLink } from './peer-link.ts';

const NORMAL = 1000;

/** The client's end of a WebSocket: each piece is a message, and what comes in messages is one stream. */
export class WebSocketPeerLink implements PeerLink {
  readonly hasHalfClose = false;
  readonly #ws: WebSocket;

  /** @param ws open, and paused. */
  constructor(ws: WebSocket) {
    this.#ws = ws;
  }

  listen(events: PeerEvents): void {
    const ws = this.#ws;
    ws.on('message', (data: RawData) => {
      for (const bytes of Array.isArray(data) ? data : [data])
        events.data(Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes));
    });
    ws.on('error', (error: NodeJS.ErrnoException) => {
      events.failed(error.code ?? error.message);
    });
    ws.once('close', (code: number) => {
      // 1005: a Close without a code, which is none of an error.
      if (code !== NORMAL && code !== 1005) events.failed(`CLOSE_${code}`);
      events.end();
      events.close();
    });
    ws.resume();
  }

  say(bytes: Uint8Array, isText: boolean): Promise<void> {
    return new Promise((resolve) => {
      // What cannot be sent any more is told by the events of the connection.
      this.#ws.send(bytes, { binary: !isText }, () => {
        resolve();
      });
    });
  }

  end(): void {
    this.#ws.close(NORMAL);
  }

  reset(): void {
    this.#ws.terminate();
  }

  destroy(): void {
    this.#ws.terminate();
  }
}
