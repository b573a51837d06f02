import { readlinkSync } from 'node:fs';
import { url as inspectorUrl } from 'node:inspector';
import type { MessagePort } from 'node:worker_threads';
import { Pulse } from './pulse.ts';

/**
 * What the watched thread leaves on its global object under `Symbol.for('relayscope.watched')`: asked while the thread
 * is paused, when its own event loop can tell nothing.
 */
export interface Watched {
  /** Queues a microtask and a tick that count in shared memory. */
  probe(): void;
  /** The sockets of the program as JSON: an array of `SocketNote`. Left by whoever knows them. */
  sockets?: () => string;
}

export const WATCHED_KEY = 'relayscope.watched';

/** The watched part of this thread's global object; made if there is none. */
export function watched(): Watched {
  // Nobody else has a reason to use this name.
  const place = globalThis as unknown as Record<symbol, Watched | undefined>;
  return (place[Symbol.for(WATCHED_KEY)] ??= { probe: () => undefined });
}

/**
 * Answers the pings of a watcher in another thread as long as the event loop of this one turns. A message, unlike a
 * timer, is not stopped by fake timers. Does not keep the thread alive.
 *
 * @returns what ends it.
 */
export function answerPings(port: MessagePort, pulse: Int32Array<SharedArrayBuffer>): () => void {
  Atomics.store(pulse, Pulse.TID, ownThreadId());
  // Where ticks follow one another without end, microtasks do not run, and the other way round.
  const ran = (): void => {
    Atomics.add(pulse, Pulse.MICROTASKS, 1);
  };
  watched().probe = () => {
    queueMicrotask(ran);
    process.nextTick(ran);
  };
  const lookForDebugger = (): void => {
    Atomics.store(pulse, Pulse.DEBUGGER, inspectorUrl() === undefined ? 0 : 1);
  };
  lookForDebugger();
  const answer = (): void => {
    lookForDebugger();
    Atomics.add(pulse, Pulse.HEART, 1);
  };
  port.on('message', answer);
  port.unref();
  return () => {
    port.close();
  };
}

/** As Linux numbers threads; 0 elsewhere. */
function ownThreadId(): number {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  } catch {
    return 0;
  }
}
