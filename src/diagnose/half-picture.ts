import type { Half } from '../poll/direction.ts';

/** No event: a sequence number that none has. */
export const NONE = -1;

/** What is known of one half of a stream, as of the event before the one that a detector is shown. */
export class HalfPicture {
  readonly half: Half;

  // The copy's latest call of it.
  calls = 0;
  /** A code of `Kind`: read; write, flush or shutdown. */
  lastKind = 0;
  lastSeq = NONE;
  lastTickMs = 0;
  lastN = 0;
  lastOffered = 0;
  /** That call was Pending. */
  isPending = false;
  /** The first of the calls in a row that were Pending. */
  pendingSinceSeq = NONE;
  pendingSinceTickMs = 0;

  // Registrations and wakes.
  /** The latest registration since the copy's call before; NONE: there was none. */
  registeredInCallSeq = NONE;
  registeredSeq = NONE;
  /** The stream's place for wakers that it took; 0: not told. */
  slot = 0;
  wokenSeq = NONE;
  wakes = 0;

  // Calls beneath it since the copy's call before, that is within the call under way or just recorded.
  innerCalls = 0;
  innerPendings = 0;
  innerReadies = 0;
  innerFailures = 0;
  innerBytes = 0;
  innerSeq = NONE;
  /** Of all calls beneath. */
  hasInner = false;
  innerEndSeq = NONE;
  innerFailedSeq = NONE;
  /** The latest that gave or took bytes. */
  innerMovedSeq = NONE;

  // What was really given or taken: -1 while nobody has told.
  ledger = -1;
  ledgerSeq = NONE;
  /** The same as it stood at the copy's call before. */
  ledgerBefore = -1;

  // Bytes that lie in the adapter: -1 while nobody has told.
  queue = -1;
  queueMark = 0;
  queueSeq = NONE;

  // What carries it. Each is the latest event that said so.
  readableSeq = NONE;
  readableBytes = 0;
  writableSeq = NONE;
  endedSeq = NONE;
  endedTickMs = 0;
  closedSeq = NONE;
  failedSeq = NONE;
  askedSeq = NONE;
  answeredSeq = NONE;
  endSentSeq = NONE;

  // Credit: -1 while nobody has told.
  creditWindow = -1;
  creditOwed = 0;
  creditSeq = NONE;

  /** It waits for: 0 nothing told, 1 the other half of the same stream, 2 its peer. */
  blockedOn = 0;
  blockedSeq = NONE;

  constructor(half: Half) {
    this.half = half;
  }

  /** Whether it waits and somebody could wake it: registered, and not woken since. */
  get isParked(): boolean {
    return this.isPending && this.registeredSeq > this.wokenSeq;
  }
}
