import { isIP, type Socket } from 'node:net';
import { replayError } from './replay-error.ts';

/** A name or an address, and a port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

const GREETING = Buffer.of(5, 1, 0);
const MAX_NAME_BYTES = 255;

/**
 * Asks the SOCKS5 proxy at the other end of `socket` for a connection to `target` (RFC 1928, without a user). What came after its answer
 * is put back. Throws REPLAY_REFUSED.
 */
export async function connectSocks5(socket: Socket, target: Endpoint): Promise<void> {
  socket.write(GREETING);
  const [version, method] = await exactly(socket, 2);
  if (version !== 5)
    throw replayError('REPLAY_REFUSED', `expected a SOCKS5 proxy, got an answer of version ${version}`);
  if (method !== 0) throw replayError('REPLAY_REFUSED', `expected a proxy without a user, got method ${method}`);
  socket.write(
    Buffer.concat([Buffer.of(5, 1, 0), addressOf(target.host), Buffer.of(target.port >> 8, target.port & 255)]),
  );
  const [, code, , type, first = 0] = await exactly(socket, 5);
  if (code !== 0)
    throw replayError(
      'REPLAY_REFUSED',
      `expected the proxy to connect to ${target.host}:${target.port}, got its code ${code}`,
    );
  const addressBytes = type === 1 ? 4 : type === 4 ? 16 : 1 + first;
  await exactly(socket, addressBytes - 1 + 2);
}

function addressOf(host: string): Buffer {
  const kind = isIP(host);
  if (kind === 4) return Buffer.of(1, ...host.split('.').map(Number));
  const name = Buffer.from(kind === 6 ? `[${host}]` : host).subarray(0, MAX_NAME_BYTES);
  return Buffer.concat([Buffer.of(3, name.length), name]);
}

/** The next bytes of a socket that nobody listens to. */
function exactly(socket: Socket, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      for (const name of ['readable', 'end', 'close', 'error']) socket.off(name, look);
    };
    const look = (error?: unknown): void => {
      const bytes = socket.read(length) as Buffer | null;
      if (bytes?.length === length) {
        settle();
        resolve(bytes);
      } else if (socket.readableEnded || socket.destroyed || error instanceof Error || bytes !== null) {
        settle();
        reject(replayError('REPLAY_REFUSED', 'expected an answer of the proxy, got the end of the connection', error));
      }
    };
    for (const name of ['readable', 'end', 'close', 'error']) socket.on(name, look);
    look();
  });
}
