import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Clock } from '../../src/poll/clock.ts';
import { unlessStuck } from './connections.ts';
import { describeFailure } from './describe-failure.ts';
import { destroyed, waitForClose } from './linger.ts';
import { countsOf, type Relay } from './relay.ts';
import type { OnTunnelEvent } from './tunnel-event.ts';

export interface RelayedConnection {
  readonly tcp: Socket;
  /** Open and paused. */
  readonly ws: WebSocket;
  readonly relay: Relay;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly onEvent: OnTunnelEvent;
  readonly connection: number;
  readonly peer: string;
  readonly target: string;
}

/** Runs a relay between two open connections, and frees both however it ends. Does not reject. */
export async function relayConnection(relayed: RelayedConnection): Promise<void> {
  const { tcp, ws, relay, signal, clock, onEvent, connection, peer, target } = relayed;
  const common = { connection, peer, target };
  const startMs = clock.nowMs();
  onEvent({ ...common, kind: 'opened' });
  try {
    const counts = await unlessStuck(relay(tcp, ws, signal), signal, clock);
    onEvent({ ...common, kind: 'ended', counts, durationMs: clock.nowMs() - startMs, failure: null });
  } catch (error) {
    const counts = countsOf(error);
    const failure = describeFailure(error);
    onEvent({ ...common, kind: 'ended', counts, durationMs: clock.nowMs() - startMs, failure });
  }
  await Promise.all([destroyed(tcp), waitForClose(ws, clock)]);
}
