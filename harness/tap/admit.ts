import type { Socket } from 'node:net';
import type { FaultContext } from '../faults/active-fault.ts';
import { admissionOf } from '../faults/transport/apply-transport-faults.ts';
import { formatTarget } from '../tunnel/target.ts';
import type { TapSettings } from './tap-connection.ts';

/** A connection that has come, with its number in the trace. */
export interface Arrival {
  readonly connection: number;
  readonly a: string;
  readonly b: string;
  readonly openedMs: number;
}

/** What faults get to know of a connection. */
export function faultContext({ recorder, clock, onEvent }: TapSettings, connection: number): FaultContext {
  return {
    connection,
    recorder,
    clock,
    onFire: ({ text, side, half, fired }) => {
      // Some fire at every call: the first time tells.
      if (fired === 1) onEvent({ kind: 'fault', connection, side, half, fault: text });
    },
  };
}

/** Numbers a connection and says that it has come. */
export function arrive(settings: TapSettings, inbound: Socket): Arrival {
  const { target, recorder, clock, onEvent } = settings;
  const a = formatTarget({ host: inbound.remoteAddress ?? '', port: inbound.remotePort ?? 0 });
  const b = formatTarget(target);
  const openedMs = clock.nowMs();
  const connection = recorder.openConnection({ a, b });
  onEvent({ kind: 'opened', connection, a, b });
  return { connection, a, b, openedMs };
}

/**
 * Whether a connection is to be served: what the plan does with it before that is done when this resolves. Does not reject.
 */
export async function admit(
  settings: TapSettings,
  inbound: Socket,
  { arrival, signal }: { readonly arrival: Arrival; readonly signal: AbortSignal },
): Promise<boolean> {
  const admission = admissionOf(settings.faults, faultContext(settings, arrival.connection));
  if (admission === null) return true;
  inbound.on('error', () => undefined);
  if (admission.kind === 'refuse') inbound.resetAndDestroy();
  else await leftAlone(inbound, admission.kind === 'delay' ? admission.ms : null, { settings, signal });
  if (admission.kind === 'delay' && !inbound.destroyed && !signal.aborted) return true;
  if (!inbound.destroyed) inbound.resetAndDestroy();
  const { recorder, clock, onEvent } = settings;
  const { connection, a, b, openedMs } = arrival;
  const how = { end: 'TAP_FAULT', message: `a was ${admission.kind === 'refuse' ? 'reset' : 'held'} on purpose` };
  recorder.closeConnection(connection, how);
  const counts = { aToB: 0, bToA: 0 };
  onEvent({ kind: 'ended', connection, a, b, counts, durationMs: clock.nowMs() - openedMs, ...how });
  return false;
}

/** Nothing is read and nothing said, for so long, or until one of the two has had enough. */
function leftAlone(
  inbound: Socket,
  ms: number | null,
  { settings, signal }: { readonly settings: TapSettings; readonly signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve) => {
    const cancel = ms === null ? () => undefined : settings.clock.after(ms, done);
    function done(): void {
      cancel();
      inbound.off('close', done);
      signal.removeEventListener('abort', done);
      resolve();
    }
    inbound.once('close', done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
