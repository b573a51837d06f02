import type { ConnectionPicture } from '../connection-picture.ts';
import type { DirectionPicture } from '../direction-picture.ts';
import { NONE, type HalfPicture } from '../half-picture.ts';
import { Kind } from '../../trace/event-kind.ts';
import type { SeenEvent } from '../seen-event.ts';

/**
 * What the writer of one direction has reported as written, against what has really gone out beneath it: the difference lies
 * in it, or is lost. After a gap it counts anew from the first call at which both are known, so that what it says is at
 * least so.
 */
export class HeldAccount {
  readonly direction: DirectionPicture;
  readonly write: HalfPicture;
  readonly #connection: ConnectionPicture;
  readonly #sibling: HalfPicture;
  #gapSeq = NONE;
  #isBased = true;
  #reportedBefore = 0;
  #ledgerBefore = 0;
  /** When the ledger was told, as of the call before. */
  #ledgerToldSeq = NONE;
  /** Of the call under way: how often a queue was told, and whether the stream beneath was flushed. */
  #tellings = 0;
  #askedBeneath = false;
  /** Queues are told by more than one writer, and no number is that of all. */
  #isNested = false;

  /** What the stream said in its latest call that lies in it; −1: it said nothing, or two streams one in the other did. */
  queue = -1;
  /** The latest write that took something went on to the stream beneath: what is missing of it is no matter of a flush. */
  wentThrough = false;
  /** The latest call of flush, and the latest that is still Pending. */
  flushSeq = NONE;
  flushPendingSeq = NONE;
  /** A flush that said it was done while bytes were held. */
  lieSeq = NONE;
  lieBytes = 0;
  /** A flush that was done beneath, and passed on nothing of what is missing. */
  hollowSeq = NONE;
  /** What was missing when the flush under way was Pending, with none of it asked for beneath but bytes; −1: none, or unknown. */
  heldByFlush = -1;
  /** A write that took something while a flush was Pending, and that flush. */
  abandonedSeq = NONE;
  abandonedFlushSeq = NONE;
  /** What that flush had yet to send, as far as it is known: `heldByFlush`; and what had vanished after that write. */
  abandonedBytes = -1;
  vanishedBytes = 0;

  constructor(connection: ConnectionPicture, direction: DirectionPicture) {
    this.#connection = connection;
    this.direction = direction;
    this.write = direction.write;
    this.#sibling = connection.sibling(direction.direction, 'write');
  }

  /** Whether the stream tells of the calls that it makes of the one beneath it. */
  get isSeenBeneath(): boolean {
    return this.write.hasInner || this.#sibling.hasInner;
  }

  /** Whether it has counted since a gap only, and so does not know of what the writer held then. */
  get beginsAfterGap(): boolean {
    return this.#gapSeq !== NONE;
  }

  /** Bytes reported and not gone out, `more` of them by the call under way; NaN: nobody knows. Below 0: sent twice. */
  missing(more = 0): number {
    if (this.#connection.gapSeq !== this.#gapSeq || !this.#isBased) return Number.NaN;
    return this.direction.writtenBytes + more - this.#reportedBefore - this.#ledger() + this.#ledgerBefore;
  }

  /** To be called with each call of the write half, before anything else is asked. @param took bytes, by this call. */
  begin(event: SeenEvent, took: number): void {
    const { write } = this;
    if (this.#connection.gapSeq !== this.#gapSeq) this.#forget();
    // An account from before the gap is at most what has gone out: what is missing since is at least so.
    if (!this.#isBased && write.ledger !== -1) {
      this.#isBased = true;
      this.#reportedBefore = this.direction.writtenBytes + took;
      this.#ledgerBefore = write.ledger;
    }
    if (event.kind === Kind.WRITE && took > 0) this.wentThrough = write.innerCalls > 0 && write.innerPendings === 0;
  }

  /** What comes before the record of the call that it belongs to. */
  beneath(kind: number): void {
    if (kind === Kind.INNER_FLUSH) this.#askedBeneath = true;
    else if ((this.#tellings += 1) > 1) {
      this.#isNested = true;
      this.vanishedBytes = 0;
    }
  }

  /** To be called after everything else of a call. @param queue what was told in it. */
  end(queue: number): void {
    this.queue = queue;
    this.#ledgerToldSeq = this.write.ledgerSeq;
    this.#tellings = 0;
    this.#askedBeneath = false;
  }

  /** What the stream has said within the call under way that lies in it; −1: nothing. */
  toldQueue(): number {
    return this.write.queueSeq > this.write.lastSeq && !this.#isNested ? this.write.queue : -1;
  }

  /** A flush is Pending. What it has yet to send is held, unless it was through with that: then it asks for a flush beneath. */
  flushing(seq: number): void {
    this.flushPendingSeq = seq;
    const missing = this.missing();
    this.heldByFlush = missing > 0 && !this.#askedBeneath ? missing : -1;
  }

  /**
   * Of a call in which the stream has told its queue, as in the one before: bytes that are neither in it nor gone out, though
   * they were in it, or came. NaN: that cannot be told. Below 0: they have gone out, and are in it once more.
   */
  vanished(queue: number, took: number): number {
    return this.queue === -1 || queue === -1 ? Number.NaN : this.queue + took - queue - this.#sent();
  }

  /** Bytes that have gone out since the call before. */
  #sent(): number {
    const { innerCalls, ledger, ledgerBefore } = this.write;
    // One that was told before a gap may have been long out of date.
    if (ledgerBefore !== -1 && ledger !== ledgerBefore && this.#ledgerToldSeq < this.#gapSeq) return Number.NaN;
    if (ledgerBefore !== -1) return ledger - ledgerBefore;
    if (innerCalls === 0) return 0;
    return ledger !== -1 && this.#gapSeq === NONE ? ledger : Number.NaN;
  }

  /**
   * A write has taken something while a flush is Pending. The copy does so by design when its reader has more; it is a defect
   * of a stream that does not bear it.
   */
  abandon(seq: number, vanished: number): void {
    if (this.abandonedSeq === NONE) {
      this.abandonedSeq = seq;
      this.abandonedFlushSeq = this.flushPendingSeq;
      this.abandonedBytes = this.heldByFlush;
      this.vanishedBytes = 0;
    }
    if (this.vanishedBytes !== 0 || Number.isNaN(vanished) || vanished === 0) return;
    this.abandonedSeq = seq;
    this.vanishedBytes = vanished;
  }

  #forget(): void {
    this.#gapSeq = this.#connection.gapSeq;
    this.#isBased = false;
    this.queue = -1;
    this.flushPendingSeq = NONE;
    this.lieSeq = NONE;
    this.hollowSeq = NONE;
    this.abandonedSeq = NONE;
    this.heldByFlush = -1;
  }

  /** Where the stream beneath was read and never written, nothing can have gone out. */
  #ledger(): number {
    if (this.write.ledger !== -1) return this.write.ledger;
    return this.#sibling.hasInner && !this.write.hasInner && this.#gapSeq === NONE ? 0 : Number.NaN;
  }
}
