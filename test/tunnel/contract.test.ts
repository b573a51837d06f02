import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { fromTunnelSocket } from '../../harness/tunnel/from-tunnel-socket.ts';
import { TunnelError } from '../../harness/tunnel/tunnel-error.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { StreamError } from '../../src/streams/stream-error.ts';
import { describeContract } from '../streams/contract.ts';
import type { StreamPair } from '../streams/support/stream-pair.ts';

/** Our own marks on both sides, and what a kernel keeps for a connection on loopback. */
const NETWORK_BYTES = 64 * 1024 * 1024;

async function tunnel(): Promise<StreamPair> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  // A TCP server that listens has one.
  const { port } = server.address() as AddressInfo;
  const accepting = once(server, 'connection') as Promise<[WebSocket]>;
  const client = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate: false });
  const [accepted] = await accepting;
  await once(client, 'open');
  const closed = Promise.all([client, accepted, server].map(closedOf));
  server.close();
  return { a: withStreamErrors(fromTunnelSocket(client)), b: withStreamErrors(fromTunnelSocket(accepted)), closed };
}

/** The laws want the errors of the streams in src; those of the tunnel have codes of their own. */
function withStreamErrors(stream: PollStream): PollStream {
  const failing = (poll: () => number): number => {
    try {
      return poll();
    } catch (error) {
      if (!(error instanceof TunnelError)) throw error;
      throw new StreamError('DUPLEX_FAILED', error.message, {}, { cause: error });
    }
  };
  return {
    pollRead: (cx, bytes, start, end) => failing(() => stream.pollRead(cx, bytes, start, end)),
    pollChunk: (cx, slot) => failing(() => stream.pollChunk?.(cx, slot) ?? Number.NaN),
    pollWrite: (cx, bytes, start, end, given) => failing(() => stream.pollWrite(cx, bytes, start, end, given)),
    pollFlush: (cx) => failing(() => stream.pollFlush(cx)),
    pollShutdown: (cx) => failing(() => stream.pollShutdown(cx)),
    abort: (reason) => stream.abort?.(reason),
  };
}

function closedOf(thing: { once(event: 'close', listener: () => void): unknown }): Promise<string> {
  return new Promise((resolve) => {
    thing.once('close', () => {
      resolve('closed');
    });
  });
}

describeContract('fromTunnelSocket: ws to ws', tunnel, {
  halfClose: true,
  abort: { a: true, b: true },
  bytesUnread: { aToB: NETWORK_BYTES, bToA: NETWORK_BYTES },
});
