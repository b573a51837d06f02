import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Clock } from '../../src/poll/clock.ts';
import { LINGER_MS } from './tunnel-limits.ts';

/**
 * Says the last words and hangs up, so that they arrive: a socket that is closed while bytes of its peer are still
 * unread sends a reset, which overtakes them. So what comes is read and dropped until the peer hangs up too; after
 * LINGER_MS it is destroyed anyway. Resolves when the socket is closed.
 */
export function sayGoodbye(socket: Duplex, lastWords: string | Uint8Array, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) {
      resolve();
      return;
    }
    const cancel = clock.after(LINGER_MS, () => {
      socket.destroy();
    });
    socket.once('close', () => {
      cancel();
      resolve();
    });
    socket.once('end', () => {
      if (socket.writableFinished) socket.destroy();
    });
    socket.once('finish', () => {
      if (socket.readableEnded) socket.destroy();
    });
    // Closes by itself unless it is half-open; then the two above do it.
    socket.on('error', () => undefined);
    socket.end(lastWords);
    socket.resume();
  });
}

/** Waits until a WebSocket that is being closed is closed; terminates it after LINGER_MS. */
export function waitForClose(ws: WebSocket, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    if (ws.readyState === WebSocket.CLOSED) {
      resolve();
      return;
    }
    ws.on('error', () => undefined);
    const cancel = clock.after(LINGER_MS, () => {
      ws.terminate();
    });
    ws.once('close', () => {
      cancel();
      resolve();
    });
    // Whoever relayed has closed it, or has failed before it could. Paused, it would not be seen to close.
    ws.close(1011);
    ws.resume();
  });
}

/** Destroys a socket and resolves when it is closed. */
export function destroyed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) {
      resolve();
      return;
    }
    socket.on('error', () => undefined);
    socket.once('close', () => {
      resolve();
    });
    socket.destroy();
  });
}
