import type { WebSocket } from 'ws';
import { RelayscopeError } from '../../src/errors.ts';
import { systemClock, type Clock } from '../../src/poll/clock.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { fromWebSocket } from '../../src/streams/from-web-socket.ts';
import { isNodeWebSocket, ReadyState, type WebSocketLike } from '../../src/streams/web-socket-like.ts';
import type { Recorder } from '../../src/trace/recorder.ts';
import { fromTunnelSocket } from '../tunnel/from-tunnel-socket.ts';
import type { ActiveFault, FaultContext } from './active-fault.ts';
import { activeFaults, applyFaults, applyFaultsTold } from './apply-faults.ts';
import type { FaultLevel, TransportFault } from './fault-definition.ts';
import type { FaultPlan, Side } from './fault-plan.ts';
import { applyTransportFaults, linkOf } from './transport/apply-transport-faults.ts';
import type { WebSocketFault } from './websocket/web-socket-fault.ts';
import type { FrameFault } from './websocket/wire/frame-fault.ts';
import type { WebSocketLink } from './websocket/wire/web-socket-link.ts';
import { underTransport } from './websocket/wire/under-transport.ts';
import { whenOpen } from './when-open.ts';

export interface FaultyWebSocketOptions<Socket> {
  /** The connection under the WebSocket, if the plan has faults of the WebSocket or the transport level. */
  readonly link?: WebSocketLink;
  /** The adapter. Default: the tunnel's, `fromTunnelSocket`, for `ws`; `fromWebSocket` for any other WebSocket. */
  readonly adapt?: (socket: Socket) => PollStream;
  /** Which side of the relay it is: entries of the plan for the other one do nothing. Default: `b`. */
  readonly side?: Side;
  /** Its number in the trace and in the plan. Default: 1. */
  readonly connection?: number;
  /** Gets an event for each fault that fires. */
  readonly recorder?: Recorder | null;
  readonly clock?: Clock;
  readonly onFire?: (fault: ActiveFault) => void;
  /** The trace has what was called beneath faults of the poll level, and what came of it. Default: false. */
  readonly beneath?: boolean;
}

/**
 * A WebSocket as a stream that breaks as the plan says: its polls and, with a `link`, its frames and
 * the bytes of its connection. With an empty plan it is
 * what its adapter makes of it. To be called in the turn of the event loop in which the WebSocket was made, or was handed
 * over by its server; while it connects, every poll waits.
 *
 * Throws WEBSOCKET_LINK_MISSING, WEBSOCKET_LINK_TAKEN, FAULT_LEVEL_UNREACHABLE, FAULT_PLAN_MALFORMED; polls throw
 * WEBSOCKET_NOT_OPEN if it never opens, and what the adapter throws. docs/faults-websocket.md
 *
 * @example
 * const link = new WebSocketLink();
 * const ws = new WebSocket('ws://127.0.0.1:8080', { createConnection: link.createConnection });
 * const stream = faultyWebSocket(ws, { faults: [{ fault: 'close-lost' }, { fault: 'count', by: 1 }] }, { link });
 */
export function faultyWebSocket<Socket extends WebSocketLike>(
  socket: Socket,
  plan: FaultPlan,
  options: FaultyWebSocketOptions<Socket> = {},
): PollStream {
  const { link, side = 'b', connection = 1, recorder = null, clock = systemClock, onFire } = options;
  const context: FaultContext = { connection, recorder, clock, ...(onFire === undefined ? {} : { onFire }) };
  refuseUnreachable(plan, side, context, link);
  link?.arm(
    () => {
      const faults = activeFaults('websocket', side, plan, context);
      const of = (half: 'read' | 'write'): FrameFault[] =>
        // Level websocket was asked for.
        faults.filter((one) => one.half === half).map((one) => (one.definition as WebSocketFault).open(one));
      return { out: of('write'), in: of('read') };
    },
    hasFaults('transport', side, plan, context)
      ? (socket) => {
          const wrap = (stream: PollStream): PollStream =>
            applyTransportFaults(stream, linkOf(socket), { side, plan, context });
          return underTransport(socket, wrap, clock);
        }
      : null,
  );
  const adapt = options.adapt ?? rightAdapter;
  const stream = socket.readyState === ReadyState.CONNECTING ? whenOpen(socket, adapt) : adapt(socket);
  return (options.beneath === true ? applyFaultsTold : applyFaults)(stream, side, plan, context);
}

function rightAdapter(socket: WebSocketLike): PollStream {
  // Nothing else can be paused and terminated: only types tell the two apart.
  return isNodeWebSocket(socket) ? fromTunnelSocket(socket as unknown as WebSocket) : fromWebSocket(socket);
}

function hasFaults(level: FaultLevel, side: Side, plan: FaultPlan, context: FaultContext): boolean {
  return activeFaults(level, side, plan, { ...context, recorder: null }).length > 0;
}

/** A fault that could do nothing is an error, not a test that passes. */
function refuseUnreachable(plan: FaultPlan, side: Side, context: FaultContext, link?: WebSocketLink): void {
  const silent = { ...context, recorder: null };
  const transport = activeFaults('transport', side, plan, silent);
  const [lost] = [...activeFaults('websocket', side, plan, silent), ...transport];
  if (lost !== undefined && link === undefined) {
    throw new RelayscopeError(
      'WEBSOCKET_LINK_MISSING',
      `Fault ${lost.text} acts below the WebSocket: expected the link through which it was made, got none`,
    );
  }
  // Those that are about accepting a connection: here it is there already.
  const acceptance = transport.find(({ definition }) => (definition as TransportFault).wrap === undefined);
  if (acceptance !== undefined) {
    throw new RelayscopeError(
      'FAULT_LEVEL_UNREACHABLE',
      `Fault ${acceptance.text} acts when a connection is accepted: expected a fault of an open one (relayscope tap --faults has those)`,
    );
  }
}
