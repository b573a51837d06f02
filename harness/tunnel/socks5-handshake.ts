import type { Socket } from 'node:net';
import type { Clock } from '../../src/poll/clock.ts';
import { SocksError } from './socks5-error.ts';
import { Socks5Parser, type SocksCredentials } from './socks5-parser.ts';
import type { Target } from './target.ts';

export interface SocksHandshakeOptions {
  /** null: whoever can connect may use the proxy. */
  readonly credentials: SocksCredentials | null;
  readonly clock: Clock;
  /** For the whole handshake, up to the request. */
  readonly timeoutMs: number;
}

/**
 * Reads a handshake up to its CONNECT, answers everything but that, and resolves to its target. Bytes that came with
 * it are put back into the socket: they are the first that its next reader gets.
 *
 * Rejects with a SocksError, after which `lastWords` are to be said and the socket is to be closed.
 */
export function readSocksRequest(socket: Socket, options: SocksHandshakeOptions): Promise<Target> {
  const { credentials, clock, timeoutMs } = options;
  const parser = new Socks5Parser(credentials);
  return new Promise((resolve, reject) => {
    function stopListening(): void {
      cancelTimeout();
      socket.off('readable', onReadable);
      socket.off('end', onCut);
      socket.off('close', onCut);
    }
    function fail(error: SocksError): void {
      stopListening();
      reject(error);
    }
    function onReadable(): void {
      // A socket without an encoding gives Buffers.
      const piece = socket.read() as Buffer | null;
      if (piece === null) return;
      const step = parser.push(piece);
      if (step.kind === 'refused') {
        fail(step.error);
        return;
      }
      if (step.reply.length > 0) socket.write(step.reply);
      if (step.kind === 'more') return;
      stopListening();
      if (step.early.length > 0) socket.unshift(step.early);
      resolve(step.target);
    }
    const onCut = (): void => {
      fail(
        new SocksError('SOCKS_HANDSHAKE_CUT', 'SOCKS handshake cut: expected a CONNECT, got the end of the connection'),
      );
    };
    const cancelTimeout = clock.after(timeoutMs, () => {
      const message = `SOCKS handshake took too long: expected a CONNECT within ${timeoutMs} ms`;
      fail(new SocksError('SOCKS_HANDSHAKE_TIMEOUT', message));
    });
    socket.on('readable', onReadable);
    socket.on('end', onCut);
    socket.on('close', onCut);
    if (socket.closed) onCut();
  });
}

/** Resolves when the socket has bytes to read, or will never have any, or `waitMs` have passed. Reads nothing. */
export function firstBytes(socket: Socket, clock: Clock, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      socket.off('readable', done);
      socket.off('close', done);
      resolve();
    };
    const cancel = clock.after(waitMs, done);
    socket.on('readable', done);
    socket.on('close', done);
    if (socket.readableLength > 0 || socket.readableEnded || socket.closed) done();
  });
}
