import type { InspectorClient } from '../../src/watch/inspector-client.ts';
import { evaluateObject } from './evaluate.ts';

/** One socket (or pipe) as the other process's own objects tell. */
export interface InsideSocket {
  /** The same for the same object at every look. */
  readonly id: number;
  readonly kind: 'socket' | 'server';
  readonly fd: number;
  readonly local: string;
  readonly remote: string;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly readableLength: number;
  readonly writableLength: number;
  /** null: nobody has asked for its bytes yet. */
  readonly flowing: boolean | null;
  readonly needDrain: boolean;
  readonly readableEnded: boolean;
  readonly writableEnded: boolean;
  readonly writableFinished: boolean;
  readonly destroyed: boolean;
  readonly connecting: boolean;
}

/** What a thread tells of itself, asked twice. */
export interface InsideLook {
  /** Turns of the event loop so far; null where this Node does not count them. */
  readonly turns: number | null;
  /** Milliseconds that the event loop has been waiting, and working. */
  readonly idleMs: number;
  readonly activeMs: number;
  /** Name lookups, file operations and the like that are under way. */
  readonly requests: number;
  readonly sockets: readonly InsideSocket[];
  /** Sockets left out for number. */
  readonly omitted: number;
}

const MAX_SOCKETS = 1000;

/**
 * Runs in the other process, in whatever release of Node that is. `_getActiveHandles` is no public API, and there is no
 * other way to the sockets of a program that has nothing of ours in it.
 */
const LOOKER = `(() => {
  const numbers = new WeakMap();
  let last = 0;
  const numberOf = (handle) => {
    if (!numbers.has(handle)) numbers.set(handle, (last += 1));
    return numbers.get(handle);
  };
  const list = (name) => {
    try { return typeof process[name] === 'function' ? process[name]() : []; } catch { return []; }
  };
  const count = (value) => (Number.isSafeInteger(value) && value >= 0 ? value : 0);
  const place = (address, port) => {
    if (typeof address !== 'string' || typeof port !== 'number') return '';
    const plain = address.replace(/^::ffff:(?=\\d+\\.)/, '');
    return (plain.includes(':') ? '[' + plain + ']:' : plain + ':') + port;
  };
  const describe = (handle) => {
    const isServer = typeof handle.listen === 'function' && typeof handle.getConnections === 'function';
    const isSocket = typeof handle.bytesRead === 'number' && typeof handle.write === 'function';
    if (!isServer && !isSocket) return null;
    const fd = handle._handle && typeof handle._handle.fd === 'number' ? handle._handle.fd : -1;
    // Standard input and output are no part of a relay.
    if (isSocket && fd >= 0 && fd <= 2) return null;
    const own = isServer ? handle.address() : null;
    return {
      id: numberOf(handle),
      kind: isServer ? 'server' : 'socket',
      fd,
      local: own ? (typeof own === 'string' ? own.slice(0, 200) : place(own.address, own.port)) : place(handle.localAddress, handle.localPort),
      remote: place(handle.remoteAddress, handle.remotePort),
      bytesRead: count(handle.bytesRead),
      bytesWritten: count(handle.bytesWritten),
      readableLength: count(handle.readableLength),
      writableLength: count(handle.writableLength),
      flowing: typeof handle.readableFlowing === 'boolean' ? handle.readableFlowing : null,
      needDrain: handle.writableNeedDrain === true,
      readableEnded: handle.readableEnded === true,
      writableEnded: handle.writableEnded === true,
      writableFinished: handle.writableFinished === true,
      destroyed: handle.destroyed === true,
      connecting: handle.connecting === true,
    };
  };
  return {
    look() {
      const timing = globalThis.performance;
      const loop = timing && timing.eventLoopUtilization ? timing.eventLoopUtilization() : { idle: 0, active: 0 };
      const metrics = timing && timing.nodeTiming ? timing.nodeTiming.uvMetricsInfo : undefined;
      const found = [];
      for (const handle of list('_getActiveHandles')) {
        try {
          const socket = describe(handle);
          if (socket !== null && !socket.destroyed) found.push(socket);
        } catch {}
      }
      return {
        turns: metrics && typeof metrics.loopCount === 'number' ? metrics.loopCount : null,
        idleMs: loop.idle,
        activeMs: loop.active,
        requests: list('_getActiveRequests').length,
        sockets: found.slice(0, ${MAX_SOCKETS}),
        omitted: Math.max(0, found.length - ${MAX_SOCKETS}),
      };
    },
  };
})()`;

/** Looks from inside, as often as it is called; the thread may be paused. */
export type Looker = () => Promise<InsideLook>;

export async function insideLooker(client: InspectorClient): Promise<Looker> {
  const looker = await evaluateObject(client, LOOKER);
  // LOOKER makes exactly that, out of values that it has checked.
  return async () => (await looker.call('function () { return this.look(); }')) as InsideLook;
}
