import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { WebSocket } from 'ws';
import { copyBidirectional } from '../../src/copy/copy-bidirectional.ts';
import { CopyError, type CopyCounts } from '../../src/copy/copy-error.ts';
import { resolveDialect } from '../../src/copy/dialect.ts';
import { sleep, systemClock } from '../../src/poll/clock.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { fromSocket } from '../../src/streams/from-socket.ts';
import { joinWatch } from '../../src/watch/worker-link.ts';
import { fromTunnelSocket } from '../tunnel/from-tunnel-socket.ts';
import { offByOneAdapter } from '../tunnel/off-by-one-adapter.ts';
import { startTunnelClient } from '../tunnel/tunnel-client.ts';
import { twoPumps } from '../tunnel/two-pumps.ts';
import type { RelayJob, RelayMessage } from './relay-job.ts';

/**
 * The relay of one step, in a thread of its own: it may freeze for good, and only the supervisor can tell and end it.
 */

/** So long a pump gets to notice that its WebSocket is closed. */
const PUMP_GRACE_MS = 300;

// The supervisor starts this module with a job, and nothing else does.
const job = workerData as RelayJob;
const recorder = joinWatch(job.watched);
const dialect = resolveDialect(job.dialect);

function tell(message: RelayMessage): void {
  parentPort?.postMessage(message);
}

/** The copy of this step; its end is told before it is passed on. */
async function copy(a: PollStream, b: PollStream, signal?: AbortSignal): Promise<CopyCounts> {
  const [first, second] = job.swapped ? [b, a] : [a, b];
  try {
    const counts = await copyBidirectional(first, second, { dialect, recorder, ...(signal ? { signal } : {}) });
    tell({ kind: 'ended', counts });
    return counts;
  } catch (error) {
    if (!(error instanceof CopyError)) throw error;
    tell({ kind: 'ended', counts: error.counts, code: error.code, message: error.message });
    throw error;
  }
}

/** Two pumps between the connections; told when nothing can come any more and one of them still waits. */
async function pumpBlindly(tcp: Socket, ws: WebSocket): Promise<CopyCounts> {
  const closed = once(ws, 'close');
  const pumps = twoPumps(ws, tcp);
  ws.resume();
  const pump = { waits: true };
  const ended = (): void => {
    pump.waits = false;
  };
  pumps.wsToTcp.then(ended, ended);
  await closed;
  const closedMs = systemClock.nowMs();
  await sleep(PUMP_GRACE_MS, systemClock);
  const counts = { aToB: pumps.counts.tcpToWs, bToA: pumps.counts.wsToTcp };
  if (pump.waits) tell({ kind: 'pump-waits', pump: 'b -> a', counts, sinceCloseMs: systemClock.nowMs() - closedMs });
  else tell({ kind: 'ended', counts });
  pumps.stop();
  return counts;
}

async function listenPlain(): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, (inbound) => {
    const outbound = connect({ port: job.originPort, host: '127.0.0.1', allowHalfOpen: true });
    // What goes wrong is told by `copy`.
    copy(fromSocket(inbound), fromSocket(outbound)).catch(() => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server that listens has an address of this form.
  return (server.address() as AddressInfo).port;
}

async function listenTunnel(): Promise<number> {
  const client = await startTunnelClient({
    server: job.serverUrl,
    token: job.token,
    // The request is there when the copy begins, as it was in the story: a first poll that still found nothing would
    // have polled the other direction too.
    dialOnFirstByte: true,
    adapt: job.relay === 'off-by-one' ? offByOneAdapter : fromTunnelSocket,
    copy: (a, b, { signal }) => copy(a, b, signal),
    ...(job.relay === 'two-pumps' ? { relay: pumpBlindly } : {}),
  });
  return client.port;
}

tell({ kind: 'listening', port: await (job.relay === 'plain' ? listenPlain() : listenTunnel()) });
