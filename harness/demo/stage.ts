import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { systemClock } from '../../src/poll/clock.ts';
import { startTunnelServer } from '../tunnel/tunnel-server.ts';
import { findClient, requestBytes, type CallResult, type CallTarget, type Client } from './client-call.ts';
import { startEchoOrigin, startRedirectOrigin, type Origin } from './origin.ts';

/** What all steps share: the servers at the far end, the tunnel's server, the client. */
export interface Stage {
  readonly host: string;
  readonly client: Client;
  readonly redirect: Origin;
  readonly echo: Origin;
  readonly serverUrl: string;
  readonly serverPort: number;
  readonly token: string;
  readonly tracesFolder: string;
  readonly signal: AbortSignal;
  /** Sends the request's bytes straight to the relay, and wants the same bytes back. */
  readonly callEcho: (target: CallTarget, signal: AbortSignal) => Promise<CallResult>;
  /** What is left of the time that all steps have together. */
  readonly remainingMs: () => number;
  close(): Promise<void>;
}

/** Told in time, the story takes a few seconds; even if every step fails, it ends within twenty. */
const ALL_STEPS_MS = 14_000;

export interface StageOptions {
  readonly host: string;
  readonly tracesFolder: string;
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
}

export async function setStage(options: StageOptions): Promise<Stage> {
  const startedMs = systemClock.nowMs();
  const token = randomBytes(16).toString('hex');
  const [client, redirect, echo, server] = await Promise.all([
    findClient(options.env),
    startRedirectOrigin(options.host),
    startEchoOrigin(),
    startTunnelServer({ token }),
  ]);
  return {
    ...options,
    client,
    redirect,
    echo,
    token,
    serverPort: server.port,
    serverUrl: `ws://127.0.0.1:${server.port}`,
    callEcho,
    remainingMs: () => ALL_STEPS_MS - (systemClock.nowMs() - startedMs),
    async close() {
      await Promise.all([redirect.close(), echo.close(), server.close()]);
    },
  };
}

async function callEcho({ proxyPort, host }: CallTarget, signal: AbortSignal): Promise<CallResult> {
  const socket = connect({ port: proxyPort, host: '127.0.0.1', allowHalfOpen: true, signal });
  const sent = requestBytes(host);
  socket.end(sent);
  try {
    const received = await buffer(socket);
    return received.equals(Buffer.from(sent))
      ? {}
      : { complaint: `Sent ${sent.length} bytes, got ${received.length} back` };
  } catch (error) {
    return { complaint: error instanceof Error ? error.message : String(error) };
  }
}
