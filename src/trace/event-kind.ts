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
