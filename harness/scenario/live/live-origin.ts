import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { WebSocketServer } from 'ws';
import { copyBidirectional } from '../../../src/copy/copy-bidirectional.ts';
import { fromSocket } from '../../../src/streams/from-socket.ts';
import { fromTunnelSocket } from '../../tunnel/from-tunnel-socket.ts';
import { LivePeer } from './live-peer.ts';
import type { LiveSetup } from './live-setup.ts';

/** The far end of a live relay: the origin, and in front of it the tunnel's server, if the relay goes through one. */
export class LiveOrigin {
  /** Where the relay is to connect to. */
  readonly port: number;
  /** One for each connection that has reached it. */
  readonly peers: readonly LivePeer[];
  readonly #close: () => void;

  private constructor(port: number, peers: readonly LivePeer[], close: () => void) {
    this.port = port;
    this.peers = peers;
    this.#close = close;
  }

  static async start({ relay, origin: steps, deflate = false }: LiveSetup): Promise<LiveOrigin> {
    const peers: LivePeer[] = [];
    const tcp = createServer({ allowHalfOpen: true }, (socket) => {
      peers.push(new LivePeer(socket, steps));
    });
    const tcpPort = await portOf(tcp);
    const tunnel = relay === 'tunnel' ? tunnelTo(tcpPort, deflate) : null;
    if (tunnel !== null) await once(tunnel, 'listening');
    // A WebSocket server of its own that listens has an address of this form.
    const port = tunnel === null ? tcpPort : (tunnel.address() as AddressInfo).port;
    return new LiveOrigin(port, peers, () => {
      for (const ws of tunnel?.clients ?? []) ws.terminate();
      tunnel?.close();
      for (const peer of peers) peer.destroy();
      tcp.close();
    });
  }

  close(): void {
    this.#close();
  }
}

/** A WebSocket server with the right adapter, which passes everything on to the origin. */
function tunnelTo(originPort: number, deflate: boolean): WebSocketServer {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: deflate });
  server.on('connection', (ws) => {
    ws.pause();
    const outbound = connect({ port: originPort, host: '127.0.0.1', allowHalfOpen: true });
    // What breaks here is what the relay's faults did: the relay's own end tells of it.
    copyBidirectional(fromTunnelSocket(ws), fromSocket(outbound), { recorder: null }).then(
      () => undefined,
      () => {
        ws.terminate();
      },
    );
  });
  return server;
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server that listens has an address of this form.
  return (server.address() as AddressInfo).port;
}
