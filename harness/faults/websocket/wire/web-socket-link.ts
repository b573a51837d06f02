import { connect, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { RelayscopeError } from '../../../../src/errors.ts';
import { systemClock, type Clock } from '../../../../src/poll/clock.ts';
import type { FrameFault } from './frame-fault.ts';
import { FrameLane } from './frame-lane.ts';
import { LinkDuplex, type Lane, type LanePair, type QueuePair } from './link-duplex.ts';

/** The faults of one connection, of each direction in the order of the plan. */
export interface LinkFaults {
  /** In what our library writes. */
  readonly out: readonly FrameFault[];
  /** In what it reads. */
  readonly in: readonly FrameFault[];
}

/** Which end of the connection our library is; `after-upgrade`: a server that has read the request already. */
type Role = 'client' | 'server' | 'after-upgrade';

/** What `ws` and undici say of the server to connect to. */
interface ConnectOptions {
  readonly host?: string | null | undefined;
  readonly hostname?: string | null | undefined;
  readonly port?: number | string | null | undefined;
  readonly protocol?: string | null | undefined;
  readonly defaultPort?: number | string | undefined;
}

/** As undici has it: an error, or a socket. */
type ConnectCallback = (...args: [error: null, socket: Socket] | [error: Error, socket: null]) => void;

/**
 * The place between a WebSocket library and its TCP connection where frames can be broken. One for each WebSocket, made
 * before it; nothing is broken until `faultyWebSocket` is called with it, in the turn of the event loop in which the
 * WebSocket was made or handed over by its server. Without faults every byte, end and reset passes as it came.
 *
 * @example
 * const link = new WebSocketLink();
 * const socket = new WebSocket('ws://127.0.0.1:8080', { createConnection: link.createConnection }); // ws
 * const socket = new WebSocket('ws://127.0.0.1:8080', { dispatcher: new Agent({ connect: link.connect }) }); // undici
 * const stream = faultyWebSocket(socket, plan, { link });
 */
export class WebSocketLink {
  readonly #clock: Clock;
  #open: (() => LinkFaults) | null = null;
  #transport: ((socket: Socket) => Duplex) | null = null;
  #isTaken = false;

  constructor(options: { readonly clock?: Clock } = {}) {
    this.#clock = options.clock ?? systemClock;
  }

  /** For the client of `ws`, the option of that name. */
  readonly createConnection = (options: ConnectOptions): Socket => {
    const duplex = this.#wrap(this.#dial(options), 'client', false);
    // Node's HTTP client, for which it is, asks for a Duplex; only the types say Socket.
    return duplex as unknown as Socket;
  };

  /** For undici, `new Agent({ connect })`. */
  readonly connect = (options: ConnectOptions, callback: ConnectCallback): void => {
    let raw: Socket;
    try {
      raw = this.#dial(options);
    } catch (error) {
      callback(error as Error, null);
      return;
    }
    const failed = (error: Error): void => {
      callback(error, null);
    };
    raw.once('error', failed);
    raw.once('connect', () => {
      raw.off('error', failed);
      // undici uses it as a Duplex; only the types say Socket.
      callback(null, this.#wrap(raw, 'client', false) as unknown as Socket);
    });
  };

  /**
   * For the server of `ws`: what to give to `handleUpgrade` instead of the socket of the 'upgrade' event. What came with
   * the request, `head`, goes this way too: give `handleUpgrade` an empty one.
   *
   * @example
   * http.on('upgrade', (request, socket, head) => {
   *   server.handleUpgrade(request, link.upgrade(socket, head), Buffer.alloc(0), (ws) => faultyWebSocket(ws, plan, { link }));
   * });
   */
  upgrade(socket: Duplex, head: Buffer): Duplex {
    if (head.byteLength > 0) socket.unshift(head);
    return this.#wrap(socket, 'after-upgrade', socket.allowHalfOpen);
  }

  /** For any other library or program: a connection that its HTTP has not begun yet. */
  wrap(socket: Duplex, role: 'client' | 'server'): Duplex {
    return this.#wrap(socket, role, socket.allowHalfOpen);
  }

  /**
   * `open` makes the faults of a connection, when it begins; `transport` what is used in place of its socket. Throws
   * WEBSOCKET_LINK_TAKEN the second time.
   */
  arm(open: () => LinkFaults, transport: ((socket: Socket) => Duplex) | null = null): void {
    if (this.#isTaken) {
      throw new RelayscopeError(
        'WEBSOCKET_LINK_TAKEN',
        'A link serves one WebSocket, armed before its first byte: expected a new one, got one in use',
      );
    }
    this.#isTaken = true;
    this.#open = open;
    this.#transport = transport;
  }

  #dial({ host, hostname, port, protocol, defaultPort }: ConnectOptions): Socket {
    if (protocol === 'https:' || Number(defaultPort) === 443) {
      throw new RelayscopeError(
        'WEBSOCKET_LINK_TLS',
        'A link dials without TLS: expected a ws: address, got wss: (dial it yourself, and use link.wrap)',
      );
    }
    const name = (hostname ?? host ?? 'localhost').replace(/^\[(.*)\]$/, '$1');
    const number = port === undefined || port === null || port === '' ? 80 : Number(port);
    return connect({ host: name, port: number, allowHalfOpen: true });
  }

  #wrap(raw: Duplex, role: Role, allowHalfOpen: boolean): LinkDuplex {
    return new LinkDuplex(raw, {
      clock: this.#clock,
      allowHalfOpen,
      lanes: (queues) => this.#lanes(queues, role),
      before: (socket) => (socket instanceof Socket ? (this.#transport?.(socket) ?? socket) : socket),
    });
  }

  /**
   * Lanes that begin a microtask after the first byte: a server's WebSocket is handed over only once its 101 has been
   * written, and the faults are to see that too.
   */
  #lanes(queues: QueuePair, role: Role): LanePair {
    let real: LanePair | null = null;
    let early: (() => void)[] | null = null;
    const start = (): void => {
      this.#isTaken = true;
      const faults = this.#open?.() ?? { out: [], in: [] };
      real = faults.out.length + faults.in.length === 0 ? plainLanes(queues) : frameLanes(queues, role, faults);
      for (const call of early ?? []) call();
      early = [];
      queues.out.pump();
      queues.in.pump();
    };
    const late = (call: (lanes: LanePair) => void): void => {
      if (real !== null) {
        call(real);
        return;
      }
      const later = (): void => {
        if (real !== null) call(real);
      };
      if (early !== null) {
        early.push(later);
        return;
      }
      early = [later];
      queues.out.hold();
      queues.in.hold();
      queueMicrotask(start);
    };
    const lane = (name: 'out' | 'in'): Lane => ({
      push: (bytes) => {
        late((lanes) => {
          lanes[name].push(bytes);
        });
      },
      end: () => {
        late((lanes) => {
          lanes[name].end();
        });
      },
    });
    return { out: lane('out'), in: lane('in') };
  }
}

/** Nothing is looked at. */
function plainLanes(queues: QueuePair): LanePair {
  const lane = (name: 'out' | 'in'): Lane => ({
    push: (bytes) => {
      if (bytes.byteLength > 0) queues[name].push({ kind: 'bytes', bytes });
      queues[name].pump();
    },
    end: () => {
      queues[name].push({ kind: 'end' });
      queues[name].pump();
    },
  });
  return { out: lane('out'), in: lane('in') };
}

/** Both directions are looked at, even if only one has faults: what is one's answer depends on the other. */
function frameLanes(queues: QueuePair, role: Role, faults: LinkFaults): LanePair {
  let isDeflateOn = false;
  const onHead = (head: string): boolean => {
    if (!head.startsWith('HTTP/')) return head !== '';
    isDeflateOn = /^sec-websocket-extensions:.*permessage-deflate/im.test(head);
    const isUpgraded = head.startsWith('HTTP/1.1 101 ');
    if (!isUpgraded) for (const lane of [lanes.out, lanes.in]) lane.becomePlain();
    return isUpgraded;
  };
  const lane = (name: 'out' | 'in', other: 'out' | 'in'): FrameLane =>
    new FrameLane({
      queue: queues[name],
      faults: faults[name],
      masks: (role === 'client') === (name === 'out'),
      hasHead: !(role === 'after-upgrade' && name === 'in'),
      onHead,
      onFrame: (frame) => {
        for (const fault of faults[other]) fault.opposite?.(frame);
      },
      isDeflateOn: () => isDeflateOn,
    });
  const lanes = { out: lane('out', 'in'), in: lane('in', 'out') };
  return lanes;
}
