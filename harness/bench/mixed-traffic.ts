import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What a session does, as an honest pair of programs would. */
export const SESSIONS = [
  'download',
  'upload',
  'small',
  'slow-reader',
  'half-close',
  'abort',
  'idle',
  'both-ways',
] as const;
export type Session = (typeof SESSIONS)[number];

const CHUNK = Buffer.alloc(256 * 1024, 0x72);
/** Session, then its bytes as a number of 48 bits. */
const REQUEST_BYTES = 7;
const MESSAGE = Buffer.alloc(100, 0x6d);
const IDLE_MS = 3000;
/** A slow reader stops for so long after each so many bytes. */
const PAUSE_MS = 2;
const READ_BEFORE_PAUSE = 512 * 1024;

/** Both ends of relayed traffic: a server that does what its clients ask for, and the clients. */
export class MixedTraffic {
  readonly #server: Server;
  /** Bytes that arrived at either end. */
  bytes = 0;

  private constructor() {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      socket.on('error', () => undefined);
      this.#serve(socket).catch(() => {
        socket.destroy();
      });
    });
  }

  static async start(): Promise<MixedTraffic> {
    const traffic = new MixedTraffic();
    traffic.#server.listen(0, '127.0.0.1');
    await once(traffic.#server, 'listening');
    return traffic;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server.close();
  }

  /** One session over a socket that is connected through a relay. Throws if bytes are missing. */
  async run(session: Session, socket: Socket, size: number): Promise<void> {
    socket.on('error', () => undefined);
    const request = Buffer.alloc(REQUEST_BYTES);
    request.writeUInt8(SESSIONS.indexOf(session), 0);
    request.writeUIntBE(size, 1, 6);
    socket.write(request);
    switch (session) {
      case 'download':
        socket.end();
        await this.#receive(socket, size);
        break;
      case 'slow-reader':
        socket.end();
        await this.#receive(socket, size, PAUSE_MS);
        break;
      case 'upload':
      case 'half-close':
        await send(socket, size);
        socket.end();
        await this.#receive(socket, session === 'upload' ? 2 : size);
        break;
      case 'both-ways':
        await Promise.all([send(socket, size).then(() => socket.end()), this.#receive(socket, size)]);
        break;
      case 'small':
        await this.#pingPong(socket, size);
        break;
      case 'abort':
        await once(socket, 'data');
        socket.resetAndDestroy();
        return;
      case 'idle':
        await pause(IDLE_MS);
        socket.end();
        await this.#receive(socket, 0);
        break;
    }
    socket.destroy();
  }

  async #serve(socket: Socket): Promise<void> {
    await once(socket, 'readable');
    const request = socket.read(REQUEST_BYTES) as Buffer | null;
    if (request === null) throw new Error('The request was cut');
    const session = SESSIONS[request.readUInt8(0)];
    const size = request.readUIntBE(1, 6);
    switch (session) {
      case 'download':
      case 'slow-reader':
      case 'abort':
        socket.resume();
        await send(socket, size);
        break;
      case 'upload':
        await this.#receive(socket, size);
        socket.write('ok');
        break;
      case 'half-close':
        await this.#receive(socket, size);
        await send(socket, size);
        break;
      case 'both-ways':
        await Promise.all([send(socket, size), this.#receive(socket, size)]);
        break;
      case 'small':
        socket.pipe(socket);
        return;
      case 'idle':
        await this.#receive(socket, 0);
        break;
      case undefined:
        throw new Error('Unknown session');
    }
    socket.end();
  }

  async #pingPong(socket: Socket, size: number): Promise<void> {
    for (let sent = 0; sent < size; sent += MESSAGE.byteLength) {
      socket.write(MESSAGE);
      for (let got = 0; got < MESSAGE.byteLength;) {
        const [bytes] = (await once(socket, 'data')) as [Buffer];
        got += bytes.byteLength;
      }
      this.bytes += 2 * MESSAGE.byteLength;
    }
    socket.end();
    await this.#receive(socket, 0);
  }

  async #receive(socket: Socket, expected: number, pauseMs = 0): Promise<void> {
    let received = 0;
    let since = 0;
    socket.on('data', (bytes: Buffer) => {
      received += bytes.byteLength;
      this.bytes += bytes.byteLength;
      since += bytes.byteLength;
      if (pauseMs === 0 || since < READ_BEFORE_PAUSE) return;
      since = 0;
      socket.pause();
      setTimeout(() => socket.resume(), pauseMs);
    });
    await once(socket, 'end');
    if (received !== expected) throw new Error(`Bytes lost: expected ${expected}, got ${received}`);
  }
}

async function send(socket: Socket, size: number): Promise<void> {
  for (let left = size; left > 0; left -= CHUNK.byteLength) {
    const more = socket.write(left < CHUNK.byteLength ? CHUNK.subarray(0, left) : CHUNK);
    if (!more) await once(socket, 'drain');
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
