export const LIVE_RELAYS = ['plain', 'tunnel'] as const;
export const LIVE_ADAPTERS = ['right', 'off-by-one'] as const;

/** A scenario with real sockets: a client, a relay in a thread of its own, an origin. */
export interface LiveSetup {
  /** `plain`: the relay of `relayscope tap`. `tunnel`: from TCP through a WebSocket to TCP, as in the story. */
  readonly relay: (typeof LIVE_RELAYS)[number];
  /** tunnel: the adapter of the relay's WebSocket. Default: `right`. */
  readonly adapter?: (typeof LIVE_ADAPTERS)[number];
  /** tunnel: with permessage-deflate. Default: without. */
  readonly deflate?: boolean;
  /** What the client does on each of its connections, in order. Without `end` it leaves the connection open. */
  readonly client: readonly PeerStep[];
  /** What the origin does on each connection that reaches it. */
  readonly origin: readonly PeerStep[];
  /** How often the client connects, one connection after the other; what came of the last one counts. Default: 1. */
  readonly connections?: number;
  /** So long after the client's last connection nothing has come of it: it is parked. Default: 15,000. */
  readonly limitMs?: number;
}

/** `send`: a text, or bytes, which no document has. `receive`: waits until so many bytes have come in all, or the other side has ended. */
export type PeerStep =
  | { readonly send: string | Uint8Array }
  /** So many bytes of no meaning. */
  | { readonly sendBytes: number }
  | { readonly receive: number }
  | { readonly waitMs: number }
  | 'end'
  | 'reset';
