import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A server at the far end of the relay. */
export interface Origin {
  readonly port: number;
  /** Bytes sent on the latest connection. */
  bytesSent(): number;
  close(): Promise<void>;
}

/** Answers every request with a 302, as t.cn did. */
export function startRedirectOrigin(host: string): Promise<Origin> {
  const server = createHttpServer((_request, response) => {
    response.sendDate = false;
    response.writeHead(302, 'Found', {
      Location: `https://${host}/`,
      'Content-Type': 'text/html',
      'Content-Length': 0,
      Connection: 'close',
    });
    response.end();
  });
  return listen(server);
}

/** Sends back whatever it gets, and ends when its client has ended. */
export function startEchoOrigin(): Promise<Origin> {
  return listen(createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket)));
}

async function listen(server: Server): Promise<Origin> {
  const sockets = new Set<Socket>();
  let latest: Socket | null = null;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    latest = socket;
    // A relay that is ended in the middle of it resets its connections: that is what the demo is about.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    // A TCP server that listens has an address of this form.
    port: (server.address() as AddressInfo).port,
    bytesSent: () => latest?.bytesWritten ?? 0,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      if (server.listening) await once(server, 'close');
    },
  };
}
