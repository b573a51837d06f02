import { PENDING } from '../../src/poll/pending.ts';
import type { ChunkSlot, PollStream } from '../../src/poll/poll-stream.ts';
import { expectLaw, LawBroken, type StreamCall } from './breach.ts';
import type { FarEnd } from './far-end.ts';
import { HalfTask } from './half-task.ts';
import { ClosedEarly } from './kinds/closed-early.ts';
import { LawfulStream, SCRIBBLE } from './lawful-stream.ts';
import { checkBounded } from './laws/back-pressure.ts';
import { BLANK, checkArrived, checkUntaken } from './laws/conservation.ts';
import { checkThrown } from './laws/counts.ts';
import { checkEnd, checkEndAgain } from './laws/end.ts';
import { checkFailedFlush } from './laws/flush.ts';
import { checkAgain } from './laws/shutdown.ts';
import type { StreamLaw } from './stream-law.ts';

/** Before and behind each buffer that is lent. */
const MARGIN_BYTES = 8;

/** A copy has no larger buffer. */
const MAX_SLICE_BYTES = 65_536;
const MIN_SLICE_BYTES = 256;

export interface NearOptions {
  readonly far: FarEnd;
  readonly carriesHalfClose: boolean;
  /** How many bytes may have been taken and not have arrived. */
  readonly maxUnreadBytes: number;
  /** What the inner side has seen of a poll within a poll. */
  readonly misuse: () => string | null;
  /** It hears of a failure by an event: a flush right behind the write that fails cannot know of it. */
  readonly answersLater: boolean;
}

/** The stream under test in the hands of a copy that does what the case says, and asks the laws about each call. */
export class NearEnd {
  readonly reader = new HalfTask('b -> a', 'read');
  readonly writer = new HalfTask('a -> b', 'write');
  received = 0;
  /** Room of the read that waits; 0: none does. */
  readRoom = 0;
  ended = false;
  taken = 0;
  /** Bytes that wait to be written; after the shutdown, in vain. */
  toWrite = 0;
  wantsFlush = false;
  /** All bytes up to here have been passed on, it said. */
  flushed = 0;
  shutdownAsked = false;
  shutdownDone = false;
  /** The inner side has failed: from here on calls may throw. */
  hasFailed = false;
  readFailed = false;
  writeFailed = false;
  /** Counts up whenever something moves here. */
  moves = 0;
  readonly #stream: LawfulStream;
  readonly #options: NearOptions;
  readonly #slot: ChunkSlot = { bytes: new Uint8Array(0), start: 0, end: 0 };
  #window = new Uint8Array(0);
  #readsChunk = false;
  #givesAway = false;
  #sliceBytes = MAX_SLICE_BYTES;

  constructor(stream: PollStream, options: NearOptions) {
    this.#options = options;
    this.#stream = new LawfulStream(stream, (law, call, message) => {
      throw new LawBroken(law, call, message);
    });
  }

  get readerWaits(): boolean {
    return this.readRoom > 0 && !this.readFailed;
  }

  get writerWaits(): boolean {
    return !this.writeFailed && (this.toWrite > 0 || this.wantsFlush || this.shutdownWaits);
  }

  get shutdownWaits(): boolean {
    return this.shutdownAsked && !this.shutdownDone;
  }

  read(room: number, asChunk: boolean): void {
    this.readRoom = room;
    this.#readsChunk = asChunk;
    this.pollReader();
  }

  /** While a shutdown waits, nothing can be said of a write. */
  write(bytes: number, given: boolean): void {
    if (this.shutdownWaits || this.writeFailed) return;
    this.toWrite += bytes;
    this.#givesAway = given;
    this.#pollWrite();
  }

  /** A shutdown that waits flushes by itself. */
  flush(): void {
    if (this.shutdownWaits || this.writeFailed) return;
    this.wantsFlush = true;
    this.#pollFlush();
  }

  shutdown(): void {
    if (this.writeFailed) return;
    this.toWrite = 0;
    this.wantsFlush = false;
    this.shutdownAsked = true;
    this.#pollShutdown();
  }

  pollReader(): void {
    if (!this.readerWaits) return;
    this.reader.begin();
    const n = this.#readsChunk && this.#stream.pollChunk !== undefined ? this.#pollChunk() : this.#pollRead();
    if (n === null || n === PENDING) return;
    this.readRoom = 0;
    this.moves += 1;
    if (n > 0) {
      this.received += n;
      return;
    }
    const { far, carriesHalfClose } = this.#options;
    const endAsked = far.endAsked || (this.shutdownAsked && !carriesHalfClose);
    const early = checkEnd({ endAsked, written: far.written, received: this.received });
    // After a shutdown of its own: perhaps it has ended the other half with it. Of bytes that are lost it knows nothing.
    if (this.shutdownAsked && carriesHalfClose) expectLaw('shutdown', 'pollRead', early, ['end', 'conservation']);
    else expectLaw('end', 'pollRead', early, endAsked ? ['conservation'] : []);
    this.ended = true;
  }

  pollWriter(): void {
    this.writer.begin();
    if (this.toWrite > 0) this.#pollWrite();
    if (this.wantsFlush) this.#pollFlush();
    if (this.shutdownWaits) this.#pollShutdown();
  }

  /** Null: it has failed, and may. */
  #pollRead(): number | null {
    const end = MARGIN_BYTES + this.readRoom;
    if (this.#window.length < end + MARGIN_BYTES) this.#window = new Uint8Array(end + MARGIN_BYTES);
    const window = this.#window.fill(BLANK, 0, end + MARGIN_BYTES);
    const n = this.#call('pollRead', () => this.#stream.pollRead(this.reader.context, window, MARGIN_BYTES, end));
    if (n !== null && n > 0) this.#arrived('pollRead', window.subarray(MARGIN_BYTES, MARGIN_BYTES + n));
    return n;
  }

  #pollChunk(): number | null {
    const slot = this.#slot;
    const n = this.#call('pollChunk', () => this.#stream.pollChunk?.(this.reader.context, slot) ?? Number.NaN);
    if (n !== null && n > 0) this.#arrived('pollChunk', slot.bytes.subarray(slot.start, slot.end));
    return n;
  }

  #arrived(call: StreamCall, got: Uint8Array): void {
    if (this.ended) expectLaw('end', call, checkEndAgain(got.length));
    const { far } = this.#options;
    const sent = far.sends.upTo(far.written).subarray(0, far.written);
    expectLaw('conservation', call, checkArrived(sent, this.received, got), ['counts']);
  }

  #pollWrite(): void {
    const { far, maxUnreadBytes } = this.#options;
    while (this.toWrite > 0) {
      const n = this.#writeOnce();
      if (n === null) return;
      far.offered = this.taken;
      expectLaw('conservation', 'pollWrite', checkUntaken(n, far.received - this.taken), ['counts']);
      if (n === PENDING) return;
      expectLaw('back-pressure', 'pollWrite', checkBounded(this.taken, far.received, maxUnreadBytes), ['conservation']);
    }
  }

  #writeOnce(): number | null {
    const { far } = this.#options;
    const size = Math.min(this.toWrite, this.#sliceBytes);
    const upTo = this.taken + size;
    const margin = this.#givesAway ? 0 : MARGIN_BYTES;
    const bytes = new Uint8Array(size + 2 * margin);
    bytes.set(far.gets.upTo(upTo).subarray(this.taken, upTo), margin);
    if (!this.shutdownDone) far.offered = upTo;
    const isTooLate = this.shutdownDone;
    const n = this.#call('pollWrite', () =>
      this.#stream.pollWrite(this.writer.context, bytes, margin, margin + size, this.#givesAway),
    );
    // Of what is borrowed nothing may be kept, taken or not.
    if (!this.#givesAway) bytes.fill(SCRIBBLE);
    if (n === null || n === PENDING) return n;
    if (isTooLate)
      expectLaw('shutdown', 'pollWrite', `A write after the shutdown returned ${n}: expected that it throws`, [
        'conservation',
      ]);
    this.moves += 1;
    // Who takes little at a time need not be shown much: each time it is copied.
    this.#sliceBytes = Math.max(MIN_SLICE_BYTES, Math.min(MAX_SLICE_BYTES, 16 * n));
    this.taken += n;
    this.toWrite -= n;
    return n;
  }

  #pollFlush(): void {
    const n = this.#call('pollFlush', () => this.#stream.pollFlush(this.writer.context));
    if (n !== 0) return;
    this.moves += 1;
    this.wantsFlush = false;
    // After a shutdown there is nothing left to pass on: what it has dropped is its own affair.
    if (!this.shutdownAsked) this.flushed = this.taken;
    const { far } = this.#options;
    if (this.hasFailed && !this.#options.answersLater && far.isHungry)
      expectLaw('flush', 'pollFlush', checkFailedFlush(this.taken, far.received));
  }

  #pollShutdown(): void {
    const n = this.#call('pollShutdown', () => this.#stream.pollShutdown(this.writer.context));
    if (this.shutdownDone) expectLaw('shutdown', 'pollShutdown', checkAgain(n === PENDING));
    if (n !== 0) return;
    if (!this.shutdownDone && this.hasFailed)
      expectLaw('shutdown', 'pollShutdown', 'The inner side has failed, and pollShutdown returned 0');
    this.moves += 1;
    this.shutdownDone = true;
  }

  /** Null: it threw, as it may or should. */
  #call(call: StreamCall, poll: () => number): number | null {
    let n: number | null = null;
    try {
      n = poll();
    } catch (error) {
      if (error instanceof LawBroken) throw error;
      this.#threw(call, error);
    }
    const { misuse, far } = this.#options;
    expectLaw('re-entrancy', call, misuse());
    if (far.broken !== null) throw far.broken;
    return n;
  }

  #threw(call: StreamCall, error: unknown): void {
    this.moves += 1;
    if (call === 'pollWrite' && this.shutdownDone) {
      this.toWrite = 0;
      return;
    }
    if (!this.hasFailed)
      expectLaw(error instanceof ClosedEarly ? 'end' : LAW_OF_THROW[call], call, checkThrown(call, error));
    if (call === 'pollRead' || call === 'pollChunk') this.readFailed = true;
    else this.writeFailed = true;
  }
}

const LAW_OF_THROW: Readonly<Record<StreamCall, StreamLaw>> = {
  pollRead: 'counts',
  pollChunk: 'counts',
  pollWrite: 'counts',
  pollFlush: 'flush',
  pollShutdown: 'shutdown',
};
