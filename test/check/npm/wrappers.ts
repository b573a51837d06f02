import { PassThrough, type Duplex, type Readable, type Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import type { CheckedStream } from '../../../harness/check/check-options.ts';
import { socksPeer } from './socks-peer.ts';
import { yamuxPeer } from './yamux-peer.ts';

/** A package of npm that makes a stream of a Duplex, of its two halves, or of a WebSocket: at this version, as its users use it. */
export type NpmWrapper = { readonly name: string; readonly version: string } & (
  | {
      readonly inner: 'duplex';
      /** @param module what `require` gives. */
      readonly make: (module: never) => (inner: Duplex) => CheckedStream | Promise<CheckedStream>;
      readonly peer?: (inner: Duplex) => CheckedStream;
    }
  | { readonly inner: 'websocket'; readonly make: (module: never) => (inner: WebSocket) => CheckedStream }
);

type OfHalves = (writable: Writable, readable: Readable) => Duplex;

/** In the order of how often they are downloaded. */
export const NPM_WRAPPERS = {
  'readable-stream': {
    name: 'readable-stream',
    version: '4.8.0',
    inner: 'duplex',
    make: (module: { Duplex: typeof Duplex }) => (inner) => module.Duplex.from({ readable: inner, writable: inner }),
  },
  ws: {
    name: 'ws',
    version: '8.23.0',
    inner: 'websocket',
    make: (module: { createWebSocketStream: (ws: WebSocket) => Duplex }) => (inner) =>
      module.createWebSocketStream(inner),
  },
  socks: {
    name: 'socks',
    version: '2.8.11',
    inner: 'duplex',
    make: (module: SocksModule) => async (inner) => {
      const { socket } = await module.SocksClient.createConnection({
        existing_socket: inner,
        command: 'connect',
        proxy: { host: '127.0.0.1', port: 1080, type: 5 },
        destination: { host: '127.0.0.2', port: 80 },
      });
      return socket;
    },
    peer: socksPeer,
  },
  duplexify: {
    name: 'duplexify',
    version: '4.1.3',
    inner: 'duplex',
    make: (duplexify: OfHalves) => (inner) => duplexify(inner, inner),
  },
  duplexer2: {
    name: 'duplexer2',
    version: '0.1.4',
    inner: 'duplex',
    make: (duplexer2: OfHalves) => (inner) => duplexer2(inner, inner),
  },
  pumpify: {
    name: 'pumpify',
    version: '2.0.1',
    inner: 'duplex',
    make: (pumpify: (...streams: Duplex[]) => Duplex) => (inner) =>
      pumpify(new PassThrough(), inner, new PassThrough()),
  },
  duplexer3: {
    name: 'duplexer3',
    version: '1.0.0',
    inner: 'duplex',
    make: (module: { default: OfHalves }) => (inner) => module.default(inner, inner),
  },
  'yamux-js': {
    name: 'yamux-js',
    version: '0.2.0',
    inner: 'duplex',
    make: (module: YamuxModule) => (inner) => {
      const session = new module.Client({ enableKeepAlive: false, logger: () => undefined });
      inner.pipe(session).pipe(inner);
      session.on('error', (error) => inner.destroy(error));
      inner.on('close', () => {
        session.close();
      });
      return session.open();
    },
    peer: yamuxPeer,
  },
  'stream-composer': {
    name: 'stream-composer',
    version: '1.0.2',
    inner: 'duplex',
    make: (module: { duplexer: OfHalves }) => (inner) => module.duplexer(inner, inner),
  },
  'simple-websocket': {
    name: 'simple-websocket',
    version: '9.1.0',
    inner: 'websocket',
    make: (SimpleWebSocket: new (options: { socket: WebSocket }) => Duplex) => (inner) =>
      new SimpleWebSocket({ socket: inner }),
  },
  '@httptoolkit/websocket-stream': {
    name: '@httptoolkit/websocket-stream',
    version: '6.0.1',
    inner: 'websocket',
    make: (websocketStream: (ws: WebSocket) => Duplex) => (inner) => websocketStream(inner),
  },
  'websocket-stream': {
    name: 'websocket-stream',
    version: '5.5.2',
    inner: 'websocket',
    make: (websocketStream: (ws: WebSocket) => Duplex) => (inner) => websocketStream(inner),
  },
} satisfies Record<string, NpmWrapper>;

interface SocksModule {
  readonly SocksClient: { createConnection(options: object): Promise<{ readonly socket: Duplex }> };
}

interface YamuxModule {
  readonly Client: new (options: object) => Duplex & { open(): Duplex; close(): void };
}
