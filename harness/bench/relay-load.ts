import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/** Sizes of the two loads; one round of one variant takes one of each. */
export interface LoadSizes {
  /** Sent through one connection, from the target to the client. */
  readonly bulkBytes: number;
  readonly connections: number;
  /** Of each connection: a message there and back is one. */
  readonly roundTrips: number;
}

export const DEFAULT_SIZES: LoadSizes = { bulkBytes: 512 * 1024 * 1024, connections: 8, roundTrips: 2500 };

const BULK_WRITE_BYTES = 256 * 1024;
const MESSAGE_BYTES = 100;

/** The two ends of what is relayed: the target that a relay connects to, and the clients that connect to a relay. */
export class RelayLoad {
  readonly #server: Server;
  #serve: (socket: Socket) => void = () => undefined;

  private constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => {
      // A relay that is stopped resets what it had open; the client's side reports what is missing.
      socket.on('error', () => undefined);
      this.#serve(socket);
    });
  }

  static async start(): Promise<RelayLoad> {
    const load = new RelayLoad();
    load.#server.listen(0, '127.0.0.1');
    await once(load.#server, 'listening');
    return load;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server.close();
  }

  /** Sends `bulkBytes` through the relay. Throws if another number arrives. */
  async bulk(relayPort: number, { bulkBytes }: LoadSizes): Promise<void> {
    this.#serve = (socket) => {
      sendBulk(socket, bulkBytes);
    };
    let received = 0;
    const client = connect({
      port: relayPort,
      host: '127.0.0.1',
      // One buffer for all: the load is to cost less than what it measures.
      onread: {
        buffer: Buffer.alloc(BULK_WRITE_BYTES),
        callback: (bytes) => {
          received += bytes;
          return true;
        },
      },
    });
    await once(client, 'close');
    if (received !== bulkBytes) throw new Error(`Bytes lost: expected ${bulkBytes}, got ${received}`);
  }

  /** Sends messages of 100 bytes and waits for each to come back, on several connections at once. */
  async small(relayPort: number, { connections, roundTrips }: LoadSizes): Promise<void> {
    this.#serve = (socket) => {
      socket.on('data', (bytes) => {
        socket.write(bytes);
      });
    };
    await Promise.all(Array.from({ length: connections }, () => pingPong(relayPort, roundTrips)));
  }
}

function sendBulk(socket: Socket, bulkBytes: number): void {
  const bytes = Buffer.alloc(BULK_WRITE_BYTES, 0x72);
  let left = bulkBytes;
  socket.resume();
  const next = (): void => {
    const part = left >= bytes.length ? bytes : bytes.subarray(0, left);
    left -= part.length;
    if (left === 0) socket.end(part);
    else socket.write(part, next);
  };
  next();
}

async function pingPong(relayPort: number, roundTrips: number): Promise<void> {
  const message = Buffer.alloc(MESSAGE_BYTES, 0x73);
  const client = connect({ port: relayPort, host: '127.0.0.1', noDelay: true });
  let bytes = 0;
  client.on('data', (part) => {
    bytes += part.length;
    if (bytes % MESSAGE_BYTES !== 0) return;
    if (bytes === MESSAGE_BYTES * roundTrips) client.end();
    else client.write(message);
  });
  client.write(message);
  await once(client, 'close');
  if (bytes !== MESSAGE_BYTES * roundTrips) throw new Error(`Bytes lost: got ${bytes} in ${roundTrips} round trips`);
}
