import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { fromWebSocket } from '../../../src/streams/from-web-socket.ts';
import { PollDuplex, type PollDuplexOptions } from './poll-duplex.ts';
import { UpgradedDuplex } from './upgraded-duplex.ts';
import { clientWebSocket, serverWebSocket } from './web-socket-pair.ts';

/** What lies between a polled stream of ours and an adapter that takes something else. */
export interface InnerLayer<Inner> {
  readonly carriesHalfClose: boolean;
  /** Around the near end of the wire, and around the far one. */
  near(stream: PollStream, options: PollDuplexOptions): Promise<Inner>;
  far(stream: PollStream, options: PollDuplexOptions): Promise<Inner>;
  /** The far end as a stream where nobody frames its bytes; null: the wire's own end will do. */
  readonly plain: ((inner: Inner) => PollStream) | null;
  drop(inner: Inner): void;
}

export const duplexLayer: InnerLayer<Duplex> = {
  carriesHalfClose: true,
  near: (stream, options) => Promise.resolve(new PollDuplex(stream, options)),
  far: (stream, options) => Promise.resolve(new PollDuplex(stream, options)),
  plain: null,
  drop: (duplex) => duplex.destroy(),
};

export const webSocketLayer: InnerLayer<WebSocket> = {
  carriesHalfClose: false,
  near: (stream, options) => clientWebSocket(new UpgradedDuplex(stream, options)),
  far: (stream, options) => serverWebSocket(new UpgradedDuplex(stream, options)),
  // It takes no message more than the one that it has not read through yet.
  plain: (ws) => fromWebSocket(ws, { highWaterMarkBytes: 1 }),
  drop: (ws) => {
    ws.terminate();
  },
};
