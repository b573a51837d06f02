import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Clock } from '../../src/poll/clock.ts';
import { describeFailure } from './describe-failure.ts';
import { destroyed, sayGoodbye } from './linger.ts';
import { openTunnel } from './open-tunnel.ts';
import { TunnelRefusal } from './refusal.ts';
import { relayConnection } from './relay-connection.ts';
import type { Relay } from './relay.ts';
import { SocksError } from './socks5-error.ts';
import { firstBytes, readSocksRequest } from './socks5-handshake.ts';
import type { SocksCredentials } from './socks5-parser.ts';
import { encodeReply, SocksReply } from './socks5-reply.ts';
import { formatTarget, type Target } from './target.ts';
import type { OnTunnelEvent } from './tunnel-event.ts';

/** What all connections of one client have in common. */
export interface ClientSettings {
  readonly server: URL;
  readonly token: string;
  readonly credentials: SocksCredentials | null;
  readonly handshakeTimeoutMs: number;
  readonly openTimeoutMs: number;
  readonly maxMessageBytes: number;
  readonly dialOnFirstByte: boolean;
  readonly relay: Relay;
  readonly onEvent: OnTunnelEvent;
  readonly clock: Clock;
}

/** One SOCKS connection, from accepting it to freeing it. Does not reject. */
export async function serveSocks(
  settings: ClientSettings,
  inbound: Socket,
  connection: number,
  stop: AbortController,
): Promise<void> {
  const { clock, onEvent, relay } = settings;
  const peer = formatTarget({ host: inbound.remoteAddress ?? '', port: inbound.remotePort ?? 0 });
  // Until the relay takes over, whoever gives up first tells the other.
  const gone = (): void => {
    stop.abort();
  };
  const drop = (): void => {
    inbound.destroy();
  };
  inbound.on('error', () => undefined);
  inbound.once('close', gone);
  stop.signal.addEventListener('abort', drop);
  if (stop.signal.aborted) drop();

  let target: Target | null = null;
  let ws: WebSocket;
  try {
    target = await readSocksRequest(inbound, { ...settings, timeoutMs: settings.handshakeTimeoutMs });
    ws = await connectThrough(settings, inbound, target, stop.signal);
  } catch (error) {
    const to = target === null ? null : formatTarget(target);
    onEvent({ kind: 'refused', connection, peer, target: to, failure: describeFailure(error) });
    await refuse(settings, inbound, error);
    return;
  }
  inbound.off('close', gone);
  stop.signal.removeEventListener('abort', drop);
  const { signal } = stop;
  await relayConnection({
    tcp: inbound,
    ws,
    relay,
    signal,
    clock,
    onEvent,
    connection,
    peer,
    target: formatTarget(target),
  });
}

/** Opens the tunnel and says success, in the order that was asked for. */
async function connectThrough(
  settings: ClientSettings,
  inbound: Socket,
  target: Target,
  signal: AbortSignal,
): Promise<WebSocket> {
  const success = encodeReply(SocksReply.SUCCEEDED);
  const open = { ...settings, timeoutMs: settings.openTimeoutMs, signal };
  if (settings.dialOnFirstByte) {
    inbound.write(success);
    await firstBytes(inbound, settings.clock, settings.handshakeTimeoutMs);
    return openTunnel(target, open);
  }
  const ws = await openTunnel(target, open);
  inbound.write(success);
  return ws;
}

async function refuse({ dialOnFirstByte, clock }: ClientSettings, inbound: Socket, error: unknown): Promise<void> {
  if (error instanceof SocksError) {
    await sayGoodbye(inbound, error.lastWords, clock);
  } else if (dialOnFirstByte) {
    // Success has been said already: only a reset can take it back.
    if (!inbound.destroyed) inbound.resetAndDestroy();
    await destroyed(inbound);
  } else {
    const reply = error instanceof TunnelRefusal ? error.reply : SocksReply.GENERAL_FAILURE;
    await sayGoodbye(inbound, encodeReply(reply), clock);
  }
}
