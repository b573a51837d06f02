import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import type { CheckedStream, CheckOptions, StreamFactory } from '../check-options.ts';
import { expectLaw } from '../breach.ts';
import { ControlledStream } from '../inner/controlled-stream.ts';
import { WakeQueue } from '../inner/wake-queue.ts';
import { checkHeld } from '../laws/back-pressure.ts';
import { makeStream } from '../make-stream.ts';
import { notApplicableTo, type NotApplicable } from '../not-applicable.ts';
import type { StreamCase } from '../stream-case.ts';
import type { OpenSubject, Subject } from '../subject.ts';
import { AdapterTimers } from './adapter-timers.ts';
import { CountedStream } from '../inner/counted-stream.ts';
import { duplexLayer, webSocketLayer, type InnerLayer } from './inner-layer.ts';
import type { PollDuplexOptions } from './poll-duplex.ts';
import { wire, type WireEnd } from './wire.ts';

/** How long is waited in all for an adapter's own timers, in each case. */
const TIMERS_MS = 2_000;

export function duplexSubject(factory: StreamFactory<'duplex'>, options: CheckOptions<'duplex'>): Subject {
  return new LayeredSubject(duplexLayer, factory, options);
}

export function webSocketSubject(factory: StreamFactory<'websocket'>, options: CheckOptions<'websocket'>): Subject {
  return new LayeredSubject(webSocketLayer, factory, options);
}

type Factory<Inner> = (inner: Inner) => CheckedStream | Promise<CheckedStream>;

/** What is looked at of the options of a check. */
interface LayeredOptions<Inner> {
  readonly peer?: Factory<Inner>;
  readonly carriesHalfClose?: boolean;
  readonly maxBufferedBytes?: number;
  readonly timeoutMs?: number;
}

const CAPACITY_BYTES = 65_536;
/** After so many turns of the event loop in which nothing happened nothing will, timers apart: all is in memory. */
const QUIET_TURNS = 10;
/** A stream that is never quiet is looked at after so many. */
const TURNS_MAX = 5_000;

/** Streams made of a Duplex, or of a WebSocket over one. Beneath these it is the same wire, under the same control. */
export class LayeredSubject<Inner> implements Subject {
  readonly carriesHalfClose: boolean;
  readonly maxBufferedBytes: number;
  notApplicable: readonly NotApplicable[] = [];
  readonly #layer: InnerLayer<Inner>;
  readonly #factory: Factory<Inner>;
  readonly #peer: Factory<Inner> | null;
  readonly #timeoutMs: number;

  constructor(layer: InnerLayer<Inner>, factory: Factory<Inner>, options: LayeredOptions<Inner>) {
    this.#layer = layer;
    this.#factory = factory;
    this.#peer = options.peer ?? null;
    this.#timeoutMs = options.timeoutMs ?? 5_000;
    this.carriesHalfClose = options.carriesHalfClose ?? (layer.carriesHalfClose || options.peer !== undefined);
    this.maxBufferedBytes = options.maxBufferedBytes ?? 0x10_0000;
  }

  async open({ inner: behaviour }: StreamCase): Promise<OpenSubject> {
    const capacityBytes = behaviour.capacityBytes ?? CAPACITY_BYTES;
    const motion = { moves: 0 };
    const [nearEnd, farEnd] = wire(capacityBytes);
    // A Duplex answers each wake in a turn of its own: there is no need to hold it back.
    const beneath = new CountedStream(nearEnd);
    const controlled = new ControlledStream(beneath, new WakeQueue(), { ...behaviour, wakesAtOnce: true });
    const nearInner = await this.#layer.near(controlled, connection(nearEnd, capacityBytes, motion));
    const { farStream, farInner } = await this.#far(farEnd, connection(farEnd, capacityBytes, motion));
    const far = new CountedStream(farStream);
    const timers = new AdapterTimers(TIMERS_MS);
    const made = await makeStream(this.#factory, nearInner, this.#timeoutMs, behaviour.chunks === true);
    this.notApplicable = notApplicableTo(made);
    const near = new CountedStream(made);
    // Beneath the stream the Duplex may hold what it has asked for, and a chunk.
    const mostBytes = this.maxBufferedBytes + 2 * capacityBytes;
    return {
      near,
      far,
      capacityBytes,
      settle: async () => {
        await quiet(motion);
        // Of what is beneath, frames are a part; of what the far end has written, it may hold a part itself.
        const held = checkHeld(Math.min(beneath.given, far.taken) - near.given, mostBytes);
        expectLaw('back-pressure', 'pollRead', held);
      },
      wait: () => timers.next(),
      get waitedMs() {
        return timers.waitedMs;
      },
      failsWhenSettled: true,
      fail: (reason) => {
        controlled.fail(reason);
      },
      get misuse() {
        return controlled.misuse;
      },
      close: async () => {
        timers.stop();
        near.abort(new Error('The case is over'));
        this.#layer.drop(nearInner);
        if (farInner !== null) this.#layer.drop(farInner);
        await quiet(motion);
      },
    };
  }

  async #far(end: WireEnd, options: PollDuplexOptions): Promise<{ farStream: PollStream; farInner: Inner | null }> {
    const peer = this.#peer;
    const { plain } = this.#layer;
    if (peer === null && plain === null) return { farStream: end, farInner: null };
    const farInner = await this.#layer.far(end, options);
    const far = peer === null ? plain?.(farInner) : await makeStream(peer, farInner, this.#timeoutMs);
    return { farStream: far ?? end, farInner };
  }
}

interface Motion {
  /** How often something has moved. */
  moves: number;
}

function connection(end: WireEnd, capacityBytes: number, motion: Motion): PollDuplexOptions {
  return {
    highWaterMarkBytes: capacityBytes,
    hangUp: (cx, error) => {
      if (error === null) end.close(cx);
      else end.abort(error);
    },
    onActivity: () => {
      motion.moves += 1;
    },
  };
}

async function quiet(motion: Motion): Promise<void> {
  for (let quiet = 0, turns = 0; quiet < QUIET_TURNS && turns < TURNS_MAX; turns += 1) {
    const before = motion.moves;
    await nextTurn();
    quiet = motion.moves === before ? quiet + 1 : 0;
  }
}
