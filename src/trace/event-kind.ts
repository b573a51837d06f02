/** The kinds of event, in the order of their codes in a record. A code never changes its meaning; new ones go last. */
export const EVENT_KINDS = [
  'extension',
  'poll',
  'read',
  'write',
  'flush',
  'shutdown',
  'loop',
  'state',
  'register',
  'wake',
  'fault',
  'verdict',
  'gap',
  'inner-read',
  'inner-write',
  'inner-flush',
  'inner-shutdown',
  'ledger',
  'queue',
  'socket',
  'credit',
  'blocked',
] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

/** The code of each kind, for the writer's side. */
export const Kind = {
  EXTENSION: 0,
  POLL: 1,
  READ: 2,
  WRITE: 3,
  FLUSH: 4,
  SHUTDOWN: 5,
  LOOP: 6,
  STATE: 7,
  REGISTER: 8,
  WAKE: 9,
  FAULT: 10,
  VERDICT: 11,
  GAP: 12,
  /** What lies beneath a stream of the copy, told by the stream: `Context.note`. */
  INNER_READ: 13,
  INNER_WRITE: 14,
  INNER_FLUSH: 15,
  INNER_SHUTDOWN: 16,
  LEDGER: 17,
  QUEUE: 18,
  SOCKET: 19,
  CREDIT: 20,
  BLOCKED: 21,
} as const;

/** Kinds that tell of what lies beneath a stream, of one half of it: those from `INNER_READ` on. */
export type BeneathKind =
  | 'inner-read'
  | 'inner-write'
  | 'inner-flush'
  | 'inner-shutdown'
  | 'ledger'
  | 'queue'
  | 'socket'
  | 'credit'
  | 'blocked';

export function isBeneath(kind: EventKind): kind is BeneathKind {
  return EVENT_KINDS.indexOf(kind) >= Kind.INNER_READ;
}

/** What a `socket` event says has become of what carries a half; its `n`. A number never changes its meaning. */
export const SOCKET_STATES = [
  'unknown',
  'connected',
  'readable',
  'writable',
  'ended',
  'closed',
  'failed',
  'asked',
  'answered',
  'discarded',
  'handed-over',
  'end-sent',
  'woke',
] as const;
export type SocketStateName = (typeof SOCKET_STATES)[number];

export const SocketState = {
  UNKNOWN: 0,
  /** It is open. */
  CONNECTED: 1,
  /** Bytes wait there to be read; `offered`: how many, if known. */
  READABLE: 2,
  /** It would take bytes. */
  WRITABLE: 3,
  /** Its peer has ended this half. */
  ENDED: 4,
  /** It is closed both ways. */
  CLOSED: 5,
  /** It was reset, or has failed. */
  FAILED: 6,
  /** The peer was asked for a sign of life: a ping, a probe, a Close that wants an answer. */
  ASKED: 7,
  /** The peer has given one. */
  ANSWERED: 8,
  /** Bytes were dropped; `offered`: how many. */
  DISCARDED: 9,
  /** Bytes came with a handshake, and are this half's first; `offered`: how many. */
  HANDED_OVER: 10,
  /** The end of this half was passed on to the peer: a FIN, a Close. */
  END_SENT: 11,
  /** It has called the waker of who waits for this half, which may be another than the copy's: an adapter stands between. */
  WOKE: 12,
} as const;

/** A transfer's states as two bits of a record. */
export const TRANSFER_STATES = ['running', 'shutting-down', 'done'] as const;
export type TransferStateName = (typeof TRANSFER_STATES)[number];

/** The bits of a record's first word, above the kind's five. */
export const Flag = {
  KIND_MASK: 0x1f,
  B_TO_A: 1 << 5,
  WRITE_HALF: 1 << 6,
  READ_DONE: 1 << 7,
  NEED_FLUSH: 1 << 8,
  STATE_SHIFT: 9,
  STATE_MASK: 3,
  /** The call threw; `n` says nothing. */
  FAILED: 1 << 11,
  /** What `n` was did not fit 32 bits: the next record is its extension. */
  EXTENDED: 1 << 12,
  /** `pollChunk`, not `pollRead`: the source handed the chunk over. */
  CHUNK: 1 << 13,
} as const;
