import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Endpoint } from './connect-socks5.ts';
import { replayError } from './replay-error.ts';

/** The server at the far end of a relay: takes one connection, once it is told to. */
export class FarEnd {
  readonly address: Endpoint;
  /** The relay's connection. */
  readonly arrived: Promise<Socket>;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isOpen = false;

  private constructor(server: Server, address: Endpoint) {
    this.#server = server;
    this.address = address;
    const { promise, resolve } = Promise.withResolvers<Socket>();
    this.arrived = promise;
    server.on('connection', (socket) => {
      // One at a time; before anybody has asked for one it is a relay that tries whether we are here.
      if (!this.#isOpen) {
        socket.destroy();
        return;
      }
      this.#isOpen = false;
      this.#sockets.add(socket);
      resolve(socket);
    });
  }

  /** Throws REPLAY_LISTEN_FAILED. */
  static async listen({ host, port }: Endpoint): Promise<FarEnd> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    server.listen(port, host);
    await once(server, 'listening').catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw replayError('REPLAY_LISTEN_FAILED', why, error);
    });
    // A TCP server that listens has an address of this form.
    return new FarEnd(server, { host, port: (server.address() as AddressInfo).port });
  }

  /** From now on the next connection is the relay's. */
  open(): void {
    this.#isOpen = true;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}
