import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Said } from './websocket-talk.ts';

/** A relay on loopback that keeps what passes through it, in the order in which it came. */
export class Tap {
  readonly said: Said[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** @param port where the server listens. */
  constructor(port: number) {
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      const server = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      this.#pass('a', client, server);
      this.#pass('b', server, client);
    });
  }

  /** Returns the port. */
  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return portOf(this.#server);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #pass(who: 'a' | 'b', from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('data', (bytes: Buffer) => {
      this.said.push({ who, bytes: Buffer.from(bytes) });
      to.write(bytes);
    });
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
  }
}

export function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error(`Expected an address with a port, got ${address}`);
  return address.port;
}
