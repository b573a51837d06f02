import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { WebSocket } from 'ws';
import { copyBidirectional } from '../../../src/copy/copy-bidirectional.ts';
import { CopyError } from '../../../src/copy/copy-error.ts';
import type { DialectName } from '../../../src/copy/dialect.ts';
import { systemClock } from '../../../src/poll/clock.ts';
import { fromSocket } from '../../../src/streams/from-socket.ts';
import type { Recorder } from '../../../src/trace/recorder.ts';
import { joinWatch } from '../../../src/watch/worker-link.ts';
import type { ActiveFault } from '../../faults/active-fault.ts';
import { applyFaultsTold } from '../../faults/apply-faults.ts';
import { faultyWebSocket } from '../../faults/faulty-web-socket.ts';
import { WebSocketLink } from '../../faults/websocket/wire/web-socket-link.ts';
import { startTap } from '../../tap/start-tap.ts';
import { fromTunnelSocket } from '../../tunnel/from-tunnel-socket.ts';
import { offByOneAdapter } from '../../tunnel/off-by-one-adapter.ts';
import type { LiveJob, LiveMessage } from './live-job.ts';

/**
 * The relays of live scenarios, one after the other, in a thread of their own: one may freeze for good, and only the supervisor can
 * tell and end it.
 */

/** What one relay works with. */
interface Relay {
  readonly job: LiveJob;
  /** The schema of scenarios has checked it. */
  readonly dialect: DialectName;
  readonly recorder: Recorder;
  readonly tell: (message: LiveMessage) => void;
}

/** Where it listens, and how it stops. */
interface Listening {
  readonly port: number;
  readonly close: () => void;
}

async function listenPlain({ job, dialect, recorder, tell }: Relay): Promise<Listening> {
  const tap = await startTap({
    port: 0,
    target: { host: job.targetHost ?? '127.0.0.1', port: job.targetPort },
    recorder: () => recorder,
    dialect,
    faults: job.plan,
    onEvent: (event) => {
      if (event.kind === 'fault') tell({ kind: 'fired', fault: event.fault });
      if (event.kind !== 'ended') return;
      const { connection, counts, end } = event;
      tell({ kind: 'ended', connection, counts, code: end === 'completed' ? null : end, direction: null });
    },
  });
  return {
    port: tap.port,
    close: () => {
      void tap.close();
    },
  };
}

/** Through a WebSocket to the server of the tunnel, which is in the other thread and has no faults. */
async function relayTunnel({ job, dialect, recorder, tell }: Relay, inbound: Socket): Promise<void> {
  const { setup, plan, targetPort } = job;
  const connection = recorder.openConnection({ a: 'client', b: 'tunnel' });
  const link = new WebSocketLink();
  const { createConnection } = link;
  const deflate = setup.deflate ?? false;
  const ws = new WebSocket(`ws://127.0.0.1:${targetPort}`, { createConnection, perMessageDeflate: deflate });
  const adapt = setup.adapter === 'off-by-one' ? offByOneAdapter : fromTunnelSocket;
  const onFire = ({ fired, text }: ActiveFault): void => {
    if (fired === 1) tell({ kind: 'fired', fault: text });
  };
  const context = { connection, recorder, clock: systemClock, onFire };
  const a = applyFaultsTold(fromSocket(inbound), 'a', plan, context);
  const b = faultyWebSocket(ws, plan, { ...context, link, side: 'b', adapt, beneath: true });
  try {
    const counts = await copyBidirectional(a, b, { dialect, recorder, connection });
    recorder.closeConnection(connection, { end: 'completed' });
    tell({ kind: 'ended', connection, counts, code: null, direction: null });
  } catch (error) {
    if (!(error instanceof CopyError)) throw error;
    const { code, counts, details } = error;
    recorder.closeConnection(connection, { end: code, message: error.message });
    tell({ kind: 'ended', connection, counts, code, direction: details.direction ?? null });
  }
}

async function listenTunnel(relay: Relay): Promise<Listening> {
  const server = createServer({ allowHalfOpen: true }, (inbound) => {
    void relayTunnel(relay, inbound);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server that listens has an address of this form.
  const { port } = server.address() as AddressInfo;
  return { port, close: () => server.close() };
}

async function serve(job: LiveJob): Promise<void> {
  const tell = (message: LiveMessage): void => {
    job.port.postMessage(message);
  };
  const relay: Relay = { job, dialect: job.dialect as DialectName, recorder: joinWatch(job.watched), tell };
  const { port, close } = await (job.setup.relay === 'plain' ? listenPlain(relay) : listenTunnel(relay));
  // The supervisor closes its end when it has seen enough.
  job.port.once('close', close);
  tell({ kind: 'listening', port });
  relay.recorder.notes.listen((note) => {
    if (note.kind === 'string') tell({ kind: 'text', id: note.id, text: note.text });
  });
}

// live-relay.ts sends jobs, and nothing else does.
parentPort?.on('message', (job: LiveJob) => {
  void serve(job);
});
