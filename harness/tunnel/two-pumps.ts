import { on, once } from 'node:events';
import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import { decodeMessage, encodeData, encodeEnd, HEADER_BYTES } from './message.ts';
import { MAX_WAITING_MESSAGES } from './tunnel-limits.ts';

/** The two pumps at work. */
export interface TwoPumps {
  /** Bytes from the TCP socket into the WebSocket, once the socket has ended. */
  readonly tcpToWs: Promise<number>;
  /** Bytes from the WebSocket into the TCP socket. It may be pending for ever: that is what this is here to show. */
  readonly wsToTcp: Promise<number>;
  /** Bytes so far. */
  readonly counts: { readonly tcpToWs: number; readonly wsToTcp: number };
  /** Settles both, for a supervisor that has seen enough; whoever opened the two sockets closes them. */
  stop(): void;
}

/**
 * WRONG, on purpose: the first version in the story. Two pumps that know nothing of each other; every byte gets
 * through, and the connection never ends gracefully. The pump out of the WebSocket takes data messages and waits for
 * the next. It looks at nothing else, so neither the end message nor the peer's Close frame tells it that none will come.
 */
export function twoPumps(ws: WebSocket, socket: Socket): TwoPumps {
  const stopped = new AbortController();
  const { signal } = stopped;
  const counts = { tcpToWs: 0, wsToTcp: 0 };
  // An error event that nobody hears would end the process.
  socket.on('error', () => undefined);
  ws.on('error', () => undefined);

  async function pumpTcpToWs(): Promise<number> {
    for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      await sent(ws, encodeData(chunk, 0, chunk.byteLength));
      counts.tcpToWs += chunk.byteLength;
    }
    await sent(ws, encodeEnd());
    return counts.tcpToWs;
  }

  async function pumpWsToTcp(): Promise<number> {
    // The mistake, in Node's words: an iterator over 'message' that was not told to end at 'close'.
    const messages = on(ws, 'message', { signal, highWaterMark: MAX_WAITING_MESSAGES });
    ws.resume();
    for await (const [data, isBinary] of messages as AsyncIterable<[RawData, boolean]>) {
      const message = decodeMessage(data, isBinary);
      if (message.kind !== 'data') continue;
      const payload = message.bytes.subarray(HEADER_BYTES);
      if (!socket.write(payload)) await once(socket, 'drain', { signal });
      counts.wsToTcp += payload.byteLength;
    }
    return counts.wsToTcp;
  }

  return {
    counts,
    tcpToWs: pumpTcpToWs(),
    wsToTcp: pumpWsToTcp().catch((error: unknown) => {
      if (signal.aborted) return counts.wsToTcp;
      throw error;
    }),
    stop() {
      stopped.abort();
      socket.destroy();
    },
  };
}

function sent(ws: WebSocket, message: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    ws.send(message, (error?: Error | null) => {
      if (error instanceof Error) reject(error);
      else resolve();
    });
  });
}
