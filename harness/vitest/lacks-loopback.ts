import { once } from 'node:events';
import { createServer } from 'node:net';

/** Why nothing can listen on 127.0.0.1 here, as in a sandbox without a network; null if it can. */
export async function lacksLoopback(): Promise<string | null> {
  const server = createServer();
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return `no socket can listen on 127.0.0.1 here: ${code}`;
  } finally {
    server.close();
  }
}
