import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Ends a Duplex as a failure: by a reset where it is a TCP connection, so that the peer can tell, else by destroying it. */
export function resetOrDestroy(duplex: Duplex, reason: Error): void {
  if (duplex instanceof Socket && canReset(duplex)) {
    try {
      duplex.resetAndDestroy();
      return;
    } catch {
      // It throws for what is a Socket but no TCP (a Unix socket, TLS), and has done nothing then.
    }
  }
  duplex.destroy(reason);
}

function canReset(socket: Socket): boolean {
  // While connecting, a reset would wait for the connection. While its FIN is on the way the system refuses a reset, and
  // Node would then leave the handle open.
  const isShuttingDown = socket.writableEnded && !socket.writableFinished && socket.writableLength === 0;
  return !socket.destroyed && !socket.connecting && !isShuttingDown;
}
