import { createServer } from 'node:net';
import { resolveDialect, type DialectName } from '../../src/copy/dialect.ts';
import { RelayscopeError } from '../../src/errors.ts';
import { systemClock, type Clock } from '../../src/poll/clock.ts';
import type { Recorder } from '../../src/trace/recorder.ts';
import { Connections } from '../tunnel/connections.ts';
import { closed, handleOf, listen, type ListenOptions, type TunnelHandle } from '../tunnel/listen.ts';
import { formatTarget, type Target } from '../tunnel/target.ts';
import { DEFAULT_MAX_CONNECTIONS, KEEP_ALIVE_MS } from '../tunnel/tunnel-limits.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { admit, arrive } from './admit.ts';
import { TapConnection, type TapSettings } from './tap-connection.ts';
import type { OnTapEvent } from './tap-event.ts';
import { TapStatus } from './tap-status.ts';

export interface TapOptions extends ListenOptions {
  /** Where every connection goes. A name is resolved for each connection. */
  readonly target: Target;
  /** Makes the recorder once the tap listens: so an address that is in use leaves an earlier trace alone. */
  readonly recorder: () => Recorder;
  /** Default: `checked`. */
  readonly dialect?: DialectName;
  /** Connections at once; more are reset. Default: 1024. */
  readonly maxConnections?: number;
  /** What goes wrong on purpose, of the levels poll and transport. Default: nothing. */
  readonly faults?: FaultPlan;
  readonly onEvent?: OnTapEvent;
  readonly clock?: Clock;
}

export interface TapHandle extends TunnelHandle {
  readonly status: TapStatus;
}

/**
 * A live relay with a recorder in it. Whoever connects is `a`, the target is `b`. Bytes, the end of each direction, and
 * resets go through as they come; a target that cannot be reached is a reset for who connected.
 *
 * Throws TAP_LISTEN_FAILED, DIALECT_UNKNOWN, and what `recorder` throws.
 *
 * @example
 * const tap = await startTap({ port: 9000, target: { host: 'localhost', port: 80 }, recorder: () => watch.recorder });
 * await tap.close();
 */
export async function startTap(options: TapOptions): Promise<TapHandle> {
  const { target, clock = systemClock, maxConnections = DEFAULT_MAX_CONNECTIONS } = options;
  const onEvent = options.onEvent ?? (() => undefined);
  const dialect = resolveDialect(options.dialect ?? 'checked');
  const server = createServer({ allowHalfOpen: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
  const address = await listen(server, options).catch((cause: unknown) => {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new RelayscopeError('TAP_LISTEN_FAILED', message, { cause });
  });
  let recorder: Recorder;
  try {
    recorder = options.recorder();
  } catch (error) {
    await closed(server);
    throw error;
  }
  const settings: TapSettings = { target, recorder, dialect, clock, onEvent, faults: options.faults ?? { faults: [] } };
  const status = new TapStatus(recorder);
  const connections = new Connections();
  // None can have come yet: the event loop has not turned since it listens.
  server.on('connection', (inbound) => {
    if (connections.size >= maxConnections) {
      const a = formatTarget({ host: inbound.remoteAddress ?? '', port: inbound.remotePort ?? 0 });
      inbound.on('error', () => undefined);
      inbound.resetAndDestroy();
      onEvent({ kind: 'refused', a, maxConnections });
      return;
    }
    connections.start(async (_number, stop) => {
      const arrival = arrive(settings, inbound);
      if (!(await admit(settings, inbound, { arrival, signal: stop.signal }))) return;
      const connection = new TapConnection(settings, inbound, arrival);
      status.opened(connection);
      await connection.run(stop.signal);
      status.ended(connection);
    });
  });
  const handle = handleOf(address, connections, () => Promise.all([closed(server), connections.close()]));
  return Object.assign(handle, { status });
}
