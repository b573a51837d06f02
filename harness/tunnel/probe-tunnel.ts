import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import type { Clock } from '../../src/poll/clock.ts';
import { CODE_HEADER, READY, readRefusal } from './refusal.ts';
import { TunnelError } from './tunnel-error.ts';

export interface ProbeOptions {
  readonly token: string;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Gives up. */
  readonly signal: AbortSignal;
}

/**
 * Asks a tunnel server whether it is there and takes this token, without opening anything through it.
 *
 * Throws TUNNEL_UNREACHABLE, TUNNEL_TOKEN_WRONG, TUNNEL_REFUSED (what answered is no tunnel server), TUNNEL_CANCELLED.
 */
export async function probeTunnel(server: URL, options: ProbeOptions): Promise<void> {
  const { statusCode = 0, headers } = await ask(server, options);
  const code = headers[CODE_HEADER];
  if (code === READY) return;
  if (code === 'TUNNEL_TOKEN_WRONG') throw new TunnelError(code, `Wrong token: ${server.host} expected another`);
  if (code !== undefined) throw readRefusal(statusCode, code, undefined);
  throw new TunnelError(
    'TUNNEL_REFUSED',
    `Wrong server: expected a tunnel server at ${server.host}, got status ${statusCode} from something else`,
  );
}

function ask(server: URL, { token, clock, timeoutMs, signal }: ProbeOptions): Promise<IncomingMessage> {
  const url = new URL(server);
  const get = url.protocol === 'wss:' ? getHttps : getHttp;
  // The same address for a plain request.
  url.protocol = url.protocol === 'wss:' ? 'https:' : 'http:';
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, headers: { authorization: `Bearer ${token}` } }, (response) => {
      settle();
      // Only its head is wanted.
      response.destroy();
      resolve(response);
    });
    const settle = (): void => {
      cancelTimeout();
      signal.removeEventListener('abort', onAbort);
    };
    const onAbort = (): void => {
      request.destroy(new TunnelError('TUNNEL_CANCELLED', 'Gave up asking the tunnel server'));
    };
    const cancelTimeout = clock.after(timeoutMs, () => {
      request.destroy(new Error(`expected an answer within ${timeoutMs} ms`));
    });
    request.on('error', (cause) => {
      settle();
      const message = `Failed to reach ${server.host}: ${cause.message}`;
      reject(cause instanceof TunnelError ? cause : new TunnelError('TUNNEL_UNREACHABLE', message, { cause }));
    });
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}
