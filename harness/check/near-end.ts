import { PENDING } from '../../src/poll/pending.ts';
import type { ChunkSlot, PollStream } from '../../src/poll/poll-stream.ts';
import { LawBroken, type StreamCall } from './breach.ts';
import type { FarEnd } from './far-end.ts';
import { HalfTask } from './half-task.ts';
import { LawfulStream, SCRIBBLE } from './lawful-stream.ts';
import { checkBounded } from './laws/back-pressure.ts';
import { BLANK, checkArrived } from './laws/conservation.ts';
import { checkEnd, checkEndAgain } from './laws/end.ts';
import { ClosedEarly } from './kinds/closed-early.ts';
import { showValue } from './show-value.ts';
import type { StreamLaw } from './stream-law.ts';

/** Before and behind each buffer that is lent. */
const MARGIN_BYTES = 8;

export interface NearOptions {
  readonly far: FarEnd;
  readonly carriesHalfClose: boolean;
  /** How many bytes may have been taken and not have arrived. */
  readonly maxUnreadBytes: number;
  /** What the inner side has seen of a poll within a poll. */
  readonly misuse: () => string | null;
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
  /** Bytes that wait to be written. */
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
    if (this.writeFailed) return false;
    return this.toWrite > 0 || this.wantsFlush || (this.shutdownAsked && !this.shutdownDone);
  }

  read(room: number, asChunk: boolean): void {
    this.readRoom = room;
    this.#readsChunk = asChunk;
    this.pollReader();
  }

  write(bytes: number, given: boolean): void {
    if (this.shutdownDone) {
      this.#writeTooLate(bytes);
      return;
    }
    if (this.shutdownAsked || this.writeFailed) return;
    this.toWrite += bytes;
    this.#givesAway = given;
    this.#pollWrite();
  }

  flush(): void {
    if (this.writeFailed) return;
    this.wantsFlush = true;
    this.#pollFlush();
  }

  shutdown(): void {
    if (this.writeFailed) return;
    this.toWrite = 0;
    this.shutdownAsked = true;
    this.#pollShutdown();
  }

  pollReader(): void {
    if (this.readFailed || this.readRoom === 0) return;
    this.reader.begin();
    const n = this.#readsChunk && this.#stream.pollChunk !== undefined ? this.#pollChunk() : this.#pollRead();
    if (n === null) return;
    if (this.ended) {
      this.#expect('end', 'pollRead', checkEndAgain(n));
    }
    if (n === PENDING) return;
    this.readRoom = 0;
    this.moves += 1;
    if (n > 0) {
      this.received += n;
      return;
    }
    const { far } = this.#options;
    const endAsked = far.endAsked || (this.shutdownAsked && !this.#options.carriesHalfClose);
    const wrong = checkEnd({ endAsked, written: far.written, received: this.received });
    // After its own shutdown it has ended its other half, too.
    this.#expect(this.shutdownAsked && this.#options.carriesHalfClose ? 'shutdown' : 'end', 'pollRead', wrong);
    this.ended = true;
  }

  pollWriter(): void {
    this.writer.begin();
    if (this.toWrite > 0) this.#pollWrite();
    if (this.wantsFlush) this.#pollFlush();
    if (this.shutdownAsked && !this.shutdownDone) this.#pollShutdown();
  }

  /** Null: it has failed, and may. */
  #pollRead(): number | null {
    const room = this.readRoom;
    const end = MARGIN_BYTES + room;
    if (this.#window.length < end + MARGIN_BYTES) this.#window = new Uint8Array(end + MARGIN_BYTES);
    const buffer = this.#window.fill(BLANK, 0, end + MARGIN_BYTES);
    const n = this.#call('pollRead', 'read', () =>
      this.#stream.pollRead(this.reader.context, buffer, MARGIN_BYTES, end),
    );
    if (n !== null && n > 0) this.#arrived('pollRead', buffer.subarray(MARGIN_BYTES, MARGIN_BYTES + n));
    return n;
  }

  #pollChunk(): number | null {
    const slot = this.#slot;
    const n = this.#call('pollChunk', 'read', () => this.#stream.pollChunk?.(this.reader.context, slot) ?? Number.NaN);
    if (n !== null && n > 0) this.#arrived('pollChunk', slot.bytes.subarray(slot.start, slot.end));
    return n;
  }

  #arrived(call: StreamCall, got: Uint8Array): void {
    const { far } = this.#options;
    const sent = far.sends.upTo(far.written).subarray(0, far.written);
    this.#expect('conservation', call, checkArrived(sent, this.received, got));
  }

  #pollWrite(): void {
    const { far } = this.#options;
    while (this.toWrite > 0) {
      const size = this.toWrite;
      const upTo = this.taken + size;
      const payload = far.gets.upTo(upTo).subarray(this.taken, upTo);
      const margin = this.#givesAway ? 0 : MARGIN_BYTES;
      const bytes = new Uint8Array(size + 2 * margin);
      bytes.set(payload, margin);
      far.offered = upTo;
      const n = this.#call('pollWrite', 'write', () =>
        this.#stream.pollWrite(this.writer.context, bytes, margin, margin + size, this.#givesAway),
      );
      if (n === null) return;
      // Of what is borrowed nothing may be kept, taken or not.
      if (!this.#givesAway) bytes.fill(SCRIBBLE);
      if (n !== PENDING) {
        this.moves += 1;
        this.taken += n;
        this.toWrite -= n;
      }
      far.offered = this.taken;
      this.#checkArrivals(n);
      if (n === PENDING) return;
      this.#expect('back-pressure', 'pollWrite', checkBounded(this.taken, far.received, this.#options.maxUnreadBytes));
    }
  }

  #checkArrivals(n: number): void {
    const { far } = this.#options;
    if (far.received <= this.taken) return;
    const said = n === PENDING ? 'was PENDING, which means that nothing was taken' : `returned ${n}`;
    this.#expect(
      'conservation',
      'pollWrite',
      `pollWrite ${said}, and ${far.received - this.taken} bytes more have arrived`,
    );
  }

  #pollFlush(): void {
    const n = this.#call('pollFlush', 'write', () => this.#stream.pollFlush(this.writer.context));
    if (n !== 0) return;
    this.moves += 1;
    this.wantsFlush = false;
    this.flushed = this.taken;
    const { far } = this.#options;
    // Nothing more comes through what has failed.
    if (this.hasFailed && far.isHungry && far.received < this.taken)
      this.#expect(
        'flush',
        'pollFlush',
        `The inner side has failed, ${this.taken - far.received} bytes are lost, and pollFlush returned 0`,
      );
  }

  #pollShutdown(): void {
    const n = this.#call('pollShutdown', 'write', () => this.#stream.pollShutdown(this.writer.context));
    if (n === PENDING && this.shutdownDone)
      this.#expect('shutdown', 'pollShutdown', 'pollShutdown is PENDING after it was done: expected 0 again');
    if (n !== 0) return;
    if (!this.shutdownDone && this.hasFailed)
      this.#expect('shutdown', 'pollShutdown', 'The inner side has failed, and pollShutdown returned 0');
    this.moves += 1;
    this.shutdownDone = true;
  }

  #writeTooLate(size: number): void {
    let n: number;
    try {
      n = this.#stream.pollWrite(this.writer.context, new Uint8Array(size), 0, size, false);
    } catch (error) {
      if (error instanceof LawBroken) throw error;
      return;
    }
    const said = n === PENDING ? 'is PENDING' : `returned ${n}`;
    this.#expect('shutdown', 'pollWrite', `A write after the shutdown ${said}: expected that it throws`);
  }

  /** Null: it threw, and may, since the inner side has failed. */
  #call(call: StreamCall, half: 'read' | 'write', poll: () => number): number | null {
    let n: number | null;
    try {
      n = poll();
    } catch (error) {
      if (error instanceof LawBroken) throw error;
      if (!this.hasFailed)
        throw new LawBroken(
          error instanceof ClosedEarly ? 'end' : LAW_OF_THROW[call],
          call,
          `${call} threw ${showValue(error)}, and nothing beneath had failed`,
        );
      this.moves += 1;
      if (half === 'read') this.readFailed = true;
      else this.writeFailed = true;
      n = null;
    }
    const { misuse, far } = this.#options;
    this.#expect('re-entrancy', call, misuse());
    if (far.broken !== null) throw far.broken;
    return n;
  }

  #expect(law: StreamLaw, call: StreamCall, broken: string | null): void {
    if (broken !== null) throw new LawBroken(law, call, broken);
  }
}

const LAW_OF_THROW: Readonly<Record<StreamCall, StreamLaw>> = {
  pollRead: 'counts',
  pollChunk: 'counts',
  pollWrite: 'counts',
  pollFlush: 'flush',
  pollShutdown: 'shutdown',
};
