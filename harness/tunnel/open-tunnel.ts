import type { ClientRequest, IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { Clock } from '../../src/poll/clock.ts';
import { CODE_HEADER, readRefusal, REPLY_HEADER } from './refusal.ts';
import { targetQuery, type Target } from './target.ts';
import { TunnelError } from './tunnel-error.ts';
import { KEEP_ALIVE_MS, MAX_BUFFERED_CHUNKS, MAX_FRAGMENTS } from './tunnel-limits.ts';

export interface OpenTunnelOptions {
  /** As `checkServerUrl` returned it. */
  readonly server: URL;
  readonly token: string;
  readonly maxMessageBytes: number;
  readonly clock: Clock;
  /** From now until the server has dialled and says so. */
  readonly timeoutMs: number;
  /** Gives up. */
  readonly signal: AbortSignal;
}

/** The URL of a tunnel server: `ws://host:port/path` or `wss://…`. Throws TUNNEL_OPTION_INVALID. */
export function checkServerUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const fits = url !== null && ['ws:', 'wss:'].includes(url.protocol) && url.hash === '' && url.username === '';
  if (fits) return url;
  throw new TunnelError(
    'TUNNEL_OPTION_INVALID',
    `Wrong server: expected a URL such as ws://127.0.0.1:8080 without user or fragment, got "${text}"`,
  );
}

/**
 * Opens a WebSocket through which the server reaches `target`. It is handed over paused, for a message that comes
 * before somebody listens would be lost; `fromTunnelSocket` resumes it.
 *
 * Throws a TunnelRefusal if the server refuses, TUNNEL_UNREACHABLE if none answers, TUNNEL_CANCELLED.
 */
export function openTunnel(target: Target, options: OpenTunnelOptions): Promise<WebSocket> {
  const { server, token, maxMessageBytes, clock, timeoutMs, signal } = options;
  const url = new URL(server);
  url.search = [url.search.slice(1), targetQuery(target)].filter((part) => part !== '').join('&');
  const ws = new WebSocket(url, {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
    followRedirects: false,
  });
  return new Promise((resolve, reject) => {
    let over = false;
    function settle(error: Error | null): void {
      if (over) return;
      over = true;
      cancelTimeout();
      signal.removeEventListener('abort', onAbort);
      if (error === null) {
        ws.pause();
        resolve(ws);
        return;
      }
      // Says so by an error event, which the listener below takes.
      ws.terminate();
      reject(error);
    }
    const onAbort = (): void => {
      settle(new TunnelError('TUNNEL_CANCELLED', 'Gave up opening the tunnel'));
    };
    const cancelTimeout = clock.after(timeoutMs, () => {
      settle(
        new TunnelError('TUNNEL_UNREACHABLE', `No answer from ${server.host}: expected one within ${timeoutMs} ms`),
      );
    });
    ws.on('error', (cause) => {
      settle(new TunnelError('TUNNEL_UNREACHABLE', `Failed to reach ${server.host}: ${cause.message}`, { cause }));
    });
    ws.on('upgrade', (response: IncomingMessage) => {
      response.socket.setKeepAlive(true, KEEP_ALIVE_MS);
    });
    ws.on('unexpected-response', (_request: ClientRequest, { statusCode, headers }: IncomingMessage) => {
      settle(readRefusal(statusCode ?? 0, headers[CODE_HEADER], headers[REPLY_HEADER]));
    });
    ws.on('open', () => {
      settle(null);
    });
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}
