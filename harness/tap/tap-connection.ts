import { connect, type Socket } from 'node:net';
import { copyBidirectional } from '../../src/copy/copy-bidirectional.ts';
import type { Dialect } from '../../src/copy/dialect.ts';
import type { Clock } from '../../src/poll/clock.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { fromSocket } from '../../src/streams/from-socket.ts';
import type { Recorder } from '../../src/trace/recorder.ts';
import { applyFaultsTold } from '../faults/apply-faults.ts';
import type { FaultPlan, Side } from '../faults/fault-plan.ts';
import { applyTransportFaults, linkOf } from '../faults/transport/apply-transport-faults.ts';
import { destroyed } from '../tunnel/linger.ts';
import { countsOf } from '../tunnel/relay.ts';
import type { Target } from '../tunnel/target.ts';
import { KEEP_ALIVE_MS, LINGER_MS } from '../tunnel/tunnel-limits.ts';
import { faultContext, type Arrival } from './admit.ts';
import { describeEnd } from './describe-end.ts';
import type { OnTapEvent } from './tap-event.ts';

/** What all connections of one tap have in common. */
export interface TapSettings {
  readonly target: Target;
  readonly recorder: Recorder;
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly onEvent: OnTapEvent;
  /** What goes wrong on purpose. */
  readonly faults: FaultPlan;
}

/**
 * One connection through the tap. The copy begins at once, while the target is still being dialled: so what the client
 * does meanwhile, a reset above all, reaches the target's side as it would without us, and a target that refuses is a
 * stream that fails.
 */
export class TapConnection {
  readonly connection: number;
  readonly a: string;
  readonly b: string;
  readonly openedMs: number;
  readonly #settings: TapSettings;
  readonly #inbound: Socket;
  readonly #outbound: Socket;
  #wasReached = false;

  constructor(settings: TapSettings, inbound: Socket, arrival: Arrival) {
    const { target } = settings;
    this.#settings = settings;
    this.#inbound = inbound;
    this.a = arrival.a;
    this.b = arrival.b;
    this.openedMs = arrival.openedMs;
    this.connection = arrival.connection;
    this.#outbound = connect({
      ...target,
      allowHalfOpen: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
    });
    this.#outbound.once('connect', () => {
      this.#wasReached = true;
    });
  }

  /** Bytes taken by the writer of each direction so far. */
  get bytes(): { readonly aToB: number; readonly bToA: number } {
    return { aToB: this.#outbound.bytesWritten, bToA: this.#inbound.bytesWritten };
  }

  get isConnecting(): boolean {
    return this.#outbound.connecting;
  }

  /** Copies until both directions have ended, or one has failed, and frees both sockets. Does not reject. */
  async run(signal: AbortSignal): Promise<void> {
    const { recorder, dialect, clock, onEvent } = this.#settings;
    const { connection, a, b } = this;
    let counts;
    let failure: unknown = null;
    try {
      const inbound = this.#faulty(fromSocket(this.#inbound), 'a', this.#inbound);
      counts = await copyBidirectional(inbound, this.#target(), { recorder, connection, dialect, clock, signal });
    } catch (error) {
      failure = error;
      counts = countsOf(error);
    }
    await Promise.all([destroyed(this.#inbound), this.#resetOnceConnected().then(() => destroyed(this.#outbound))]);
    const how = describeEnd(failure, { name: b, wasReached: this.#wasReached });
    recorder.closeConnection(connection, how);
    onEvent({ kind: 'ended', connection, a, b, counts, durationMs: clock.nowMs() - this.openedMs, ...how });
  }

  #target(): PollStream {
    const stream = fromSocket(this.#outbound);
    const abort = stream.abort?.bind(stream);
    stream.abort = (reason) => {
      if (!this.isConnecting) abort?.(reason);
    };
    return this.#faulty(stream, 'b', this.#outbound);
  }

  #faulty(stream: PollStream, side: Side, socket: Socket): PollStream {
    const { faults: plan } = this.#settings;
    const context = faultContext(this.#settings, this.connection);
    // What is wrong with the stream is around the connection: what is wrong with that would believe a false count, and is no copy.
    const connected = applyTransportFaults(stream, linkOf(socket), { side, plan, context });
    return applyFaultsTold(connected, side, plan, context);
  }

  /**
   * After a failure while the target is being dialled: there may be a connection by now, of which we have not heard yet. To
   * destroy the socket would end that in the ordinary way.
   */
  #resetOnceConnected(): Promise<void> {
    const outbound = this.#outbound;
    return new Promise((resolve) => {
      if (!this.isConnecting) {
        resolve();
        return;
      }
      const cancel = this.#settings.clock.after(LINGER_MS, resolve);
      outbound.once('close', () => {
        cancel();
        resolve();
      });
      // Node sends it as soon as the connection is there.
      outbound.resetAndDestroy();
    });
  }
}
