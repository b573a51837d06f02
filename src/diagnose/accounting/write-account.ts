import { NONE, type HalfPicture } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';

/** What a write has reported and not taken, as far as it can be seen yet: it may lie in the stream. */
export interface Shortfall {
  readonly seq: number;
  readonly offered: number;
  readonly reported: number;
  readonly taken: number;
  /** What the write handed on to the stream beneath; -1: nothing. */
  readonly handedOn: number;
  /** The slice of the Pending that this write was the retry of; 0: it was none. */
  readonly pendingOffered: number;
  /** The stream had been seen to hand on its slices whole. */
  readonly wasWhole: boolean;
}

/** A write has taken more than it reported. */
export interface Excess {
  readonly taken: number;
  readonly twice: number;
}

/** So often has as much gone out as was reported before a stream is taken for one that keeps nothing back. */
const PASSES_TO_KNOW = 4;

/**
 * Double entry for what is written in one direction: what the copy was told, against what the stream beneath the adapter
 * really took. A stream may keep bytes back for a while, so that too little proves nothing until later bytes have gone past,
 * or the end is sent; too much does at once.
 */
export class WriteAccount {
  short: Shortfall | null = null;
  /** Writes since `short` of which as much has gone out as they reported, past what is missing. */
  overtaken = 0;
  /** Bytes have gone to the stream beneath later than they were reported. */
  keepsBack = false;
  /** Reported and not taken. */
  owed = 0;
  /** The latest write that reported more than it was offered has reported so many more than it took. */
  overBy = 0;
  /** Both sums begin at the same place: not where records are missing before it. */
  #isKnown = true;
  /** And that is the beginning of the copy. */
  #isWhole = true;
  /** What was taken is told after a call beneath: what is told by itself may be of the bytes that an adapter makes. */
  #isTold = false;
  #reported = 0;
  #base = 0;
  #passes = 0;
  /** What the first call beneath was offered in the call under way; -1: there was none. */
  #handedOn = NONE;
  #hasHandedOn = false;
  #offeredBefore = NONE;
  #pendingOffered = 0;
  #gapSeq = NONE;

  /** Whether there is anything to compare with: bytes told, or a stream beneath that was never given any. */
  canJudge({ ledger, hasInner }: HalfPicture): boolean {
    if (!this.#isKnown) return false;
    return this.#isTold || (ledger === NONE && hasInner && !this.#hasHandedOn);
  }

  /** Records are missing before this event. */
  gap(gapSeq: number): void {
    if (gapSeq === this.#gapSeq) return;
    this.#gapSeq = gapSeq;
    this.#forget();
  }

  handOn(offered: number): void {
    if (this.#handedOn === NONE) this.#handedOn = offered;
    this.#hasHandedOn = true;
  }

  /** A write has answered. What it took beyond what it reported, if it did. */
  write(event: SeenEvent, half: HalfPicture): Excess | null {
    if (!this.#isTold) this.#begin(event.offered, half);
    const isDone = !event.isPending && !event.hasFailed;
    let excess: Excess | null = null;
    if (!this.#isKnown) this.#find(event, half);
    else if (isDone) excess = this.#wrote(event, half);
    if (isDone) this.#pendingOffered = 0;
    else if (this.#pendingOffered === 0) this.#pendingOffered = event.offered;
    this.#offeredBefore = event.offered;
    this.#handedOn = NONE;
    return excess;
  }

  /** A flush, or a shutdown. */
  finish(half: HalfPicture): void {
    this.#handedOn = NONE;
    if (!this.#isTold) this.#begin(0, half);
    if (half.innerBytes === 0) return;
    this.keepsBack = true;
    this.owed = Math.max(0, Math.min(this.owed, this.#reported - this.#takenOf(half)));
  }

  /** What is owed, or was taken twice, has been told. */
  settle(half: HalfPicture): void {
    this.#reported = this.#takenOf(half);
    this.owed = 0;
    this.short = null;
  }

  #wrote(event: SeenEvent, half: HalfPicture): Excess | null {
    const { n, offered } = event;
    const before = this.owed;
    const taken = this.#takenOf(half);
    if (n > offered) this.overBy = n - (taken - this.#reported + before);
    // What is no count, or too large a one, is another finding: what was taken is all that is known then.
    this.#reported = Number.isInteger(n) && n >= 0 && n <= offered ? this.#reported + n : taken + before;
    const owed = this.#reported - taken;
    if (owed < 0) return this.#tooMuch(n, -owed, half, this.#handedOn === offered);
    this.owed = owed;
    if (owed > before) this.#tooLittle(event, owed - before);
    else if (owed < before) this.keepsBack = true;
    else if (n > 0) {
      if (this.short !== null) this.overtaken += 1;
      else if (owed === 0) this.#passes += 1;
    }
    return null;
  }

  #takenOf({ ledger }: HalfPicture): number {
    return ledger === NONE ? 0 : ledger - this.#base;
  }

  #tooMuch(reported: number, twice: number, half: HalfPicture, isOwnSlice: boolean): Excess | null {
    this.settle(half);
    if (this.#isTold && (this.#isWhole || isOwnSlice)) return { taken: reported + twice, twice };
    // Where records are missing it had kept bytes back, and has caught up.
    this.#forget();
    return null;
  }

  #tooLittle({ seq, n, offered }: SeenEvent, missing: number): void {
    this.overtaken = 0;
    this.short ??= {
      seq,
      offered,
      reported: n,
      taken: n - missing,
      handedOn: this.#handedOn,
      pendingOffered: this.#pendingOffered,
      wasWhole: this.#passes > 0,
    };
  }

  /** The first time that it is told: unless these are the first bytes that were taken, the sums do not begin at one place. */
  #begin(offered: number, { ledger, ledgerSeq, innerSeq, innerCalls, innerBytes }: HalfPicture): void {
    if (innerCalls === 0 || ledgerSeq < innerSeq) return;
    this.#isTold = true;
    if (ledger > this.#reported + offered + innerBytes) this.#forget();
  }

  /** Both sums begin anew after this call, if the stream cannot have kept anything back. */
  #find({ offered, isPending }: SeenEvent, { ledger, ledgerSeq }: HalfPicture): void {
    const before = this.#offeredBefore;
    const hasOtherSize = this.#handedOn === offered && before !== NONE && before !== offered;
    const keepsNothing = !this.keepsBack && (this.#passes >= PASSES_TO_KNOW || hasOtherSize);
    // What was told before the gap is no place to begin at.
    if (!keepsNothing || isPending || ledger === NONE || ledgerSeq < this.#gapSeq) return;
    this.#isKnown = true;
    this.#base = ledger;
    this.#reported = 0;
    this.owed = 0;
  }

  #forget(): void {
    this.#isKnown = false;
    this.#isWhole = false;
    this.short = null;
    this.owed = 0;
    this.#offeredBefore = NONE;
    this.#pendingOffered = 0;
    this.#handedOn = NONE;
  }
}
