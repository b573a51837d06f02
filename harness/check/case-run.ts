import { LawBroken, type StreamCall } from './breach.ts';
import { FarEnd } from './far-end.ts';
import { NearEnd } from './near-end.ts';
import type { CaseStep, StreamCase } from './stream-case.ts';
import type { StreamLaw } from './stream-law.ts';
import type { OpenSubject, Subject } from './subject.ts';

/** A half that is woken so often in one turn, and moves nothing, goes on for ever. */
const MAX_IDLE_POLLS = 200;
/** The rooms of the reads that bring a case to its end, one after the other. */
const ROOMS = [1, 4096, 61, 16_384] as const;

/** One case under way: the steps, and then everything brought to its end. Throws LawBroken at the first breach. */
export class CaseRun {
  /** The index of the step under way; the number of steps when they are through. */
  step = 0;
  readonly #case: StreamCase;
  readonly #open: OpenSubject;
  readonly #subject: Subject;
  readonly #near: NearEnd;
  readonly #far: FarEnd;
  /** Moves up to the latest poll of each half. */
  #seenByReader = 0;
  #seenByWriter = 0;
  #readsOn = false;
  #rooms = 0;

  constructor(subject: Subject, open: OpenSubject, streamCase: StreamCase) {
    this.#subject = subject;
    this.#open = open;
    this.#case = streamCase;
    this.#far = new FarEnd(open.far, streamCase.inner.wakesAtOnce === true);
    this.#near = new NearEnd(open.near, {
      far: this.#far,
      carriesHalfClose: subject.carriesHalfClose,
      maxUnreadBytes: subject.maxBufferedBytes + open.capacityBytes,
      misuse: () => open.misuse,
    });
  }

  async run(): Promise<void> {
    for (const step of this.#case.steps) {
      await this.#do(step);
      if (this.#far.broken !== null) throw this.#far.broken;
      this.step += 1;
    }
    await this.#finish();
  }

  async #do(step: CaseStep): Promise<void> {
    const near = this.#near;
    const far = this.#far;
    switch (step.kind) {
      case 'write':
        near.write(step.bytes, step.given === true);
        break;
      case 'read':
        near.read(step.bytes, step.chunk === true);
        break;
      case 'flush':
        near.flush();
        break;
      case 'shutdown':
        near.shutdown();
        break;
      case 'poll':
        this.#pollUnasked(step.half, step.newWaker === true);
        break;
      case 'far-write':
        far.write(step.bytes);
        break;
      case 'far-end':
        far.end();
        break;
      case 'far-read':
        far.read(step.bytes);
        break;
      case 'fail':
        if (this.#subject.failsWhenSettled === true) await this.#settle();
        near.hasFailed = true;
        far.mayFail = true;
        this.#open.fail(new Error('The inner side was made to fail'));
        if (this.#subject.failsWhenSettled === true) await this.#settle();
        break;
      case 'turn':
        await this.#turn();
        break;
    }
  }

  #pollUnasked(half: 'read' | 'write', newWaker: boolean): void {
    const near = this.#near;
    if (half === 'read') {
      if (newWaker) near.reader.renew();
      near.pollReader();
    } else {
      if (newWaker) near.writer.renew();
      near.pollWriter();
    }
  }

  /** Everything that is woken is polled, until nothing is; then nobody who could go on may be waiting. */
  async #turn(): Promise<void> {
    await this.#settle();
    while (this.#isSomethingLate() && (await this.#open.wait?.()) === true) await this.#settle();
    const near = this.#near;
    const isLate = this.#far.flushed > near.received;
    if (near.readerWaits && (isLate || this.#seenByReader < this.#moves)) await this.#probe('read');
    if (near.writerWaits && this.#seenByWriter < this.#moves) await this.#probe('write');
    await this.#checkStuck();
  }

  get #moves(): number {
    return this.#near.moves + this.#far.moves;
  }

  async #settle(): Promise<void> {
    const near = this.#near;
    const far = this.#far;
    let idle = 0;
    let moves = this.#moves;
    for (;;) {
      await this.#open.settle();
      if (far.isWoken) far.pump();
      if (far.broken !== null) throw far.broken;
      const reads = near.readerWaits && near.reader.isWoken;
      const writes = near.writerWaits && near.writer.isWoken;
      const readsOn = this.#readsOn && !near.ended && !near.readFailed && near.readRoom === 0;
      if (reads) near.pollReader();
      if (readsOn) near.read(ROOMS[this.#rooms++ % ROOMS.length] ?? 1, this.#rooms % 3 === 0);
      if (writes) near.pollWriter();
      if (reads || readsOn) this.#seenByReader = this.#moves;
      if (writes) this.#seenByWriter = this.#moves;
      const moved = this.#moves !== moves;
      moves = this.#moves;
      if (!reads && !writes && !readsOn && !moved) return;
      idle = moved ? 0 : idle + 1;
      if (idle > MAX_IDLE_POLLS)
        throw new LawBroken(
          'wakers',
          null,
          `The ${reads ? 'reading' : 'writing'} half was woken ${idle} times, and each poll was PENDING`,
        );
    }
  }

  /** Something that could be there by now is not. */
  #isSomethingLate(): boolean {
    const near = this.#near;
    const far = this.#far;
    if (near.readerWaits && (far.flushed > near.received || far.endDone || near.hasFailed)) return true;
    return far.isHungry && (near.flushed > far.received || near.shutdownDone || near.writerWaits);
  }

  /** A poll that nobody asked for: had it something to do, the half should have been woken. */
  async #probe(half: 'read' | 'write'): Promise<void> {
    const before = this.#near.moves;
    this.#pollUnasked(half, false);
    if (half === 'read') this.#seenByReader = this.#moves;
    else this.#seenByWriter = this.#moves;
    if (this.#near.moves === before) {
      await this.#settle();
      return;
    }
    throw new LawBroken(
      'wakers',
      half === 'read' ? 'pollRead' : 'pollWrite',
      `The ${half === 'read' ? 'reading' : 'writing'} half waits, nobody is left to wake it, and a poll would have gone on`,
    );
  }

  async #checkStuck(): Promise<void> {
    const near = this.#near;
    const far = this.#far;
    if (near.hasFailed) {
      if (near.readerWaits) broken('end', 'pollRead', 'The inner side has failed, and a read waits for ever');
      this.#checkWriterStuck('The inner side has failed');
      return;
    }
    if (near.readerWaits) {
      const left = far.flushed - near.received;
      if (left > 0)
        broken(
          'conservation',
          'pollRead',
          `${left} bytes have been sent and flushed at the far end, and pollRead stays PENDING`,
        );
      if (far.endDone && far.written === near.received)
        broken('end', 'pollRead', 'The far end has ended, all has been read, and pollRead stays PENDING');
    }
    if (!far.isHungry) return;
    if (near.flushed > far.received) await this.#tellLateFromLost();
    if (near.shutdownDone && far.received === near.taken)
      broken('shutdown', 'pollShutdown', 'pollShutdown returned 0, and the far end was never told the end');
    if (near.shutdownDone)
      broken(
        'shutdown',
        'pollShutdown',
        `pollShutdown returned 0, and ${near.taken - far.received} bytes have not been passed on`,
      );
    this.#checkWriterStuck('The far end has read everything');
  }

  #checkWriterStuck(why: string): void {
    const near = this.#near;
    if (!near.writerWaits) return;
    if (near.shutdownAsked) {
      if (near.hasFailed || this.#subject.carriesHalfClose || this.#far.endAsked)
        broken('shutdown', 'pollShutdown', `${why}, and pollShutdown stays PENDING`);
      return;
    }
    if (near.toWrite > 0) broken('back-pressure', 'pollWrite', `${why}, and pollWrite stays PENDING`);
    if (near.wantsFlush) broken('flush', 'pollFlush', `${why}, and pollFlush stays PENDING`);
  }

  /** A flush was done, and bytes of before it have not arrived: if they come when more is done they were held back, else they are lost. */
  async #tellLateFromLost(): Promise<void> {
    const near = this.#near;
    const far = this.#far;
    const flushed = near.flushed;
    const missing = flushed - far.received;
    try {
      for (const push of [() => near.flush(), () => near.write(1, false), () => near.flush(), () => near.shutdown()]) {
        push();
        await this.#settle();
        if (far.received >= flushed) break;
      }
    } catch (error) {
      // What comes of it is told by what has arrived.
      if (!(error instanceof LawBroken)) throw error;
    }
    if (far.received >= flushed)
      broken(
        'flush',
        'pollFlush',
        `pollFlush returned 0, and ${missing} bytes that it should have passed on were still held back`,
      );
    broken(
      'conservation',
      'pollWrite',
      `${missing} bytes that pollWrite had taken and pollFlush had passed on have never arrived`,
    );
  }

  async #finish(): Promise<void> {
    const near = this.#near;
    const far = this.#far;
    this.#readsOn = true;
    far.read(Infinity);
    await this.#turn();
    near.flush();
    await this.#turn();
    const ends = [
      (): void => {
        if (!near.shutdownAsked) near.shutdown();
      },
      (): void => {
        if (!far.endAsked && !near.hasFailed) far.end();
      },
    ];
    if (this.#case.endsFirst === 'far') ends.reverse();
    for (const end of ends) {
      end();
      await this.#turn();
    }
    this.#checkDone();
    await this.#again();
  }

  #checkDone(): void {
    const near = this.#near;
    const far = this.#far;
    if (near.hasFailed) return;
    if (!near.ended) broken('end', 'pollRead', 'The far end has ended, and no read has said so');
    if (near.received < far.written)
      broken('conservation', 'pollRead', `${far.written - near.received} of ${far.written} bytes were never read`);
    if (!far.sawEnd) broken('shutdown', 'pollShutdown', 'pollShutdown is done, and the far end was never told the end');
    if (far.received < near.taken) this.#lostTail();
  }

  #lostTail(): void {
    const near = this.#near;
    const lost = near.taken - this.#far.received;
    if (near.flushed > this.#far.received)
      broken('conservation', 'pollWrite', `${lost} bytes that pollWrite had taken have never arrived`);
    broken('shutdown', 'pollShutdown', `${lost} bytes that pollWrite had taken were dropped by the shutdown`);
  }

  /** What is over stays so. */
  async #again(): Promise<void> {
    const near = this.#near;
    if (near.ended && !near.readFailed) {
      near.read(16, false);
      near.read(1, true);
    }
    if (near.shutdownDone && !near.hasFailed) {
      near.shutdown();
      near.flush();
      near.write(1, false);
    }
    await this.#settle();
  }
}

function broken(law: StreamLaw, call: StreamCall, message: string): never {
  throw new LawBroken(law, call, message);
}
