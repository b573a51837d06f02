import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { systemClock } from '../../../src/poll/clock.ts';
import { connectSocks5, type Endpoint } from './connect-socks5.ts';
import type { PeerLink } from './peer-link.ts';
import { replayError } from './replay-error.ts';
import { SocketLink } from './socket-link.ts';
import { WebSocketPeerLink } from './web-socket-peer-link.ts';

/** What a relay speaks to its clients. */
export const RELAY_KINDS = ['plain', 'socks5', 'websocket'] as const;
export type RelayKind = (typeof RELAY_KINDS)[number];

export interface OpenLinkOptions {
  readonly via: RelayKind;
  /** The relay. */
  readonly through: Endpoint;
  /** Where the relay is to lead to, for those that are told. */
  readonly target: Endpoint;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** A longer message is none that was said. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Connects to a relay as its client. Throws REPLAY_UNREACHABLE, REPLAY_REFUSED. */
export async function openLink(options: OpenLinkOptions): Promise<PeerLink> {
  const late = new AbortController();
  const cancel = systemClock.after(options.limitMs, () => {
    late.abort(new Error(`no answer in ${options.limitMs} ms`));
  });
  try {
    const signal = AbortSignal.any([late.signal, options.signal]);
    return await (options.via === 'websocket' ? openWebSocket(options, signal) : openSocket(options, signal));
  } finally {
    cancel();
  }
}

async function openSocket({ via, through, target }: OpenLinkOptions, signal: AbortSignal): Promise<PeerLink> {
  const socket = connect({ ...through, allowHalfOpen: true });
  // Whoever waits is told; what comes when nobody does is told by the close.
  socket.on('error', () => undefined);
  const giveUp = (): void => {
    socket.destroy(signal.reason as Error);
  };
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await once(socket, 'connect').catch((error: unknown) => {
      throw unreachable(through, error);
    });
    if (via === 'socks5') await connectSocks5(socket, target);
    return new SocketLink(socket);
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

async function openWebSocket({ through }: OpenLinkOptions, signal: AbortSignal): Promise<PeerLink> {
  const host = through.host.includes(':') ? `[${through.host}]` : through.host;
  const ws = new WebSocket(`ws://${host}:${through.port}/`, {
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  // At once, or what comes with the answer is lost.
  ws.once('open', () => {
    ws.pause();
  });
  try {
    await once(ws, 'open', { signal }).catch((error: unknown) => {
      throw signal.aborted ? signal.reason : error;
    });
    return new WebSocketPeerLink(ws);
  } catch (error) {
    // It complains of its own end, once it has one.
    ws.on('error', () => undefined);
    ws.terminate();
    throw unreachable(through, error);
  }
}

function unreachable({ host, port }: Endpoint, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message || cause.name : String(cause);
  return replayError('REPLAY_UNREACHABLE', `expected one at ${host}:${port}, got ${why}`, cause);
}
