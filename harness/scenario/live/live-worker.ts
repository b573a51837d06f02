import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { WebSocket } from 'ws';
import { copyBidirectional } from '../../../src/copy/copy-bidirectional.ts';
import { CopyError } from '../../../src/copy/copy-error.ts';
import type { DialectName } from '../../../src/copy/dialect.ts';
import { systemClock } from '../../../src/poll/clock.ts';
import { fromSocket } from '../../../src/streams/from-socket.ts';
import { joinWatch } from '../../../src/watch/worker-link.ts';
import type { ActiveFault } from '../../faults/active-fault.ts';
import { applyFaults } from '../../faults/apply-faults.ts';
import { faultyWebSocket } from '../../faults/faulty-web-socket.ts';
import { WebSocketLink } from '../../faults/websocket/wire/web-socket-link.ts';
import { startTap } from '../../tap/start-tap.ts';
import { fromTunnelSocket } from '../../tunnel/from-tunnel-socket.ts';
import { offByOneAdapter } from '../../tunnel/off-by-one-adapter.ts';
import type { LiveJob, LiveMessage } from './live-job.ts';

/**
 * The relay of a live scenario, in a thread of its own: it may freeze for good, and only the supervisor can tell and end it.
 */

// live-relay.ts starts this module with a job, and nothing else does.
const job = workerData as LiveJob;
const { setup, plan, targetPort } = job;
// The schema of scenarios has checked it.
const dialect = job.dialect as DialectName;
const recorder = joinWatch(job.watched);
let connections = 0;

function tell(message: LiveMessage): void {
  parentPort?.postMessage(message);
}

async function listenPlain(): Promise<number> {
  const tap = await startTap({
    port: 0,
    target: { host: '127.0.0.1', port: targetPort },
    recorder: () => recorder,
    dialect,
    faults: plan,
    onEvent: (event) => {
      if (event.kind === 'fault') tell({ kind: 'fired', fault: event.fault });
      if (event.kind !== 'ended') return;
      const { connection, counts, end } = event;
      tell({ kind: 'ended', connection, counts, code: end === 'completed' ? null : end, direction: null });
    },
  });
  return tap.port;
}

/** Through a WebSocket to the server of the tunnel, which is in the other thread and has no faults. */
async function relayTunnel(inbound: Socket): Promise<void> {
  connections += 1;
  const number = connections;
  const connection = recorder.openConnection({ a: 'client', b: 'tunnel' });
  const link = new WebSocketLink();
  const { createConnection } = link;
  const deflate = setup.deflate ?? false;
  const ws = new WebSocket(`ws://127.0.0.1:${targetPort}`, { createConnection, perMessageDeflate: deflate });
  const adapt = setup.adapter === 'off-by-one' ? offByOneAdapter : fromTunnelSocket;
  const onFire = ({ fired, text }: ActiveFault): void => {
    if (fired === 1) tell({ kind: 'fired', fault: text });
  };
  const context = { connection: number, recorder, clock: systemClock, onFire };
  const a = applyFaults(fromSocket(inbound), 'a', plan, context);
  const b = faultyWebSocket(ws, plan, { ...context, link, side: 'b', adapt });
  try {
    const counts = await copyBidirectional(a, b, { dialect, recorder, connection });
    tell({ kind: 'ended', connection: number, counts, code: null, direction: null });
  } catch (error) {
    if (!(error instanceof CopyError)) throw error;
    const { code, counts, details } = error;
    tell({ kind: 'ended', connection: number, counts, code, direction: details.direction ?? null });
  }
}

async function listenTunnel(): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, (inbound) => {
    void relayTunnel(inbound);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server that listens has an address of this form.
  return (server.address() as AddressInfo).port;
}

tell({ kind: 'listening', port: await (setup.relay === 'plain' ? listenPlain() : listenTunnel()) });
