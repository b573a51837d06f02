import type { AddressInfo, Server } from 'node:net';
import { formatTarget } from './target.ts';
import { TunnelError } from './tunnel-error.ts';

export interface ListenOptions {
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: 0, any that is free. */
  readonly port?: number;
}

/** A running server or client of the tunnel. */
export interface TunnelHandle {
  /** The address that it listens on. */
  readonly address: string;
  readonly port: number;
  /** Connections that are being served, those still in their handshake included. */
  readonly connections: number;
  /** Stops listening, aborts all connections, and resolves when everything is freed. May be called again. */
  close(): Promise<void>;
}

/** Resolves when the server listens. Throws TUNNEL_LISTEN_FAILED. */
export function listen(server: Server, { host = '127.0.0.1', port = 0 }: ListenOptions): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const onError = (cause: Error): void => {
      const message = `Failed to listen on ${formatTarget({ host, port })}: ${cause.message}`;
      reject(new TunnelError('TUNNEL_LISTEN_FAILED', message, { cause }));
    };
    server.once('error', onError);
    server.listen({ host, port }, () => {
      server.off('error', onError);
      // What cannot be accepted now (no file descriptor is left) may be later; there is nobody to tell.
      server.on('error', () => undefined);
      // A TCP server that listens has one.
      resolve(server.address() as AddressInfo);
    });
  });
}

/** Resolves when the server has stopped listening and its last socket is closed. */
export function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

/** The handle of a server that listens, over its own way to end. */
export function handleOf(
  { address, port }: AddressInfo,
  connections: { readonly size: number },
  close: () => Promise<unknown>,
): TunnelHandle {
  return {
    address,
    port,
    get connections() {
      return connections.size;
    },
    async close() {
      await close();
    },
  };
}
