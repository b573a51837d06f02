import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { UpgradedDuplex } from './upgraded-duplex.ts';

/** All that a server looks at. */
const REQUEST = {
  method: 'GET',
  url: '/',
  headers: {
    upgrade: 'websocket',
    'sec-websocket-key': Buffer.alloc(16).toString('base64'),
    'sec-websocket-version': '13',
  },
};

/** An open WebSocket of `ws` over a connection of ours: a client's, so its frames are masked. */
export async function clientWebSocket(connection: UpgradedDuplex): Promise<WebSocket> {
  const ws = new WebSocket('ws://in.memory/', {
    perMessageDeflate: false,
    // Node's HTTP client asks for a Duplex; only the types say Socket.
    createConnection: () => connection as unknown as Socket,
  });
  await once(ws, 'open');
  return ws;
}

/** The same of a server. */
export function serverWebSocket(connection: UpgradedDuplex): Promise<WebSocket> {
  const server = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false });
  return new Promise((resolve) => {
    // Of a request it looks at nothing else.
    server.handleUpgrade(REQUEST as unknown as IncomingMessage, connection, Buffer.alloc(0), resolve);
  });
}
