import type { FlowDirection, GapReason } from '../capture/tcp-flow.ts';

/**
 * What of a flow is replayed. `tcp`: its bytes as they are. `socks`: those after the handshake with a SOCKS proxy. `websocket`: the
 * payload of its messages. `tunnel`: that of our tunnel's messages within them.
 */
export const REPLAY_LEVELS = ['tcp', 'socks', 'websocket', 'tunnel'] as const;
export type ReplayLevel = (typeof REPLAY_LEVELS)[number];

/** One thing that one side did: said some bytes, ended its direction, or broke the connection. */
export interface Turn {
  /** 0: the client, a. 1: the server, b. */
  readonly from: FlowDirection;
  readonly kind: 'bytes' | 'end' | 'reset';
  /** Where its bytes are in all that this side said. */
  readonly start: number;
  readonly end: number;
  /** So many bytes of the other side it had by then, going by its acknowledgements: it waits for them. */
  readonly after: number;
  /** The other side had ended by then, and it knew. */
  readonly afterEnd: boolean;
  /** Since the conversation began. */
  readonly atMs: number;
  /** websocket: the message was one of text. */
  readonly isText: boolean;
}

/** Bytes that were said and are not in the capture: the seed's are said instead. */
export interface MissingBytes {
  readonly from: FlowDirection;
  readonly offset: number;
  readonly length: number;
  /** `payload`: a message that was not put together, since it is too long or bytes of it are missing. */
  readonly reason: GapReason | 'payload';
}

/** One connection of a capture, as what its two sides said to each other. */
export interface Conversation {
  readonly flow: { readonly id: number; readonly client: string; readonly server: string };
  /** So many connections the capture has. */
  readonly flows: number;
  readonly level: ReplayLevel;
  /** All that each side said. */
  readonly said: readonly [Uint8Array, Uint8Array];
  /** In the order of the capture. */
  readonly turns: readonly Turn[];
  readonly missing: readonly MissingBytes[];
  /** What could not be decoded at this level, in words. */
  readonly notes: readonly string[];
}
