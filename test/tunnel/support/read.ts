import type { Socket } from 'node:net';

/** Exactly so many bytes from a socket; what comes after them stays in it. Rejects if the socket ends before. */
export function readBytes(socket: Socket, bytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const onReadable = (): void => {
      const got = socket.read(bytes) as Buffer | null;
      if (got === null) return;
      if (got.length === bytes) settle(null, got);
      else settle(new Error(`Expected ${bytes} bytes, got ${got.length}: ${got.toString('hex')}`), got);
    };
    const onEnd = (): void => {
      settle(new Error(`Expected ${bytes} bytes, got the end`), Buffer.alloc(0));
    };
    const settle = (error: Error | null, got: Buffer): void => {
      socket.off('readable', onReadable);
      socket.off('end', onEnd);
      socket.off('close', onEnd);
      if (error === null) resolve(got);
      else reject(error);
    };
    socket.on('readable', onReadable);
    socket.on('end', onEnd);
    socket.on('close', onEnd);
    onReadable();
  });
}

/** Everything up to the end of the stream; rejects with what the socket failed with. Closes nothing. */
export function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
    });
    socket.once('end', () => {
      resolve(Buffer.concat(chunks));
    });
    socket.once('error', reject);
    socket.once('close', () => {
      reject(new Error('Closed without an end'));
    });
    // The end may have come with the bytes that somebody read before.
    if (socket.readableEnded) resolve(Buffer.alloc(0));
    else if (socket.errored !== null) reject(socket.errored);
  });
}

/** How a socket ends: by an end of stream, or by the code of an error. */
export async function endOf(socket: Socket): Promise<string> {
  try {
    await readAll(socket);
    return 'end';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}
