import type { Half } from '../../src/poll/direction.ts';
import { expectLaw, LawBroken } from './breach.ts';
import type { FarEnd } from './far-end.ts';
import { heldBack } from './laws/flush.ts';
import { checkIdlePolls, checkWoken } from './laws/wakers.ts';
import type { NearEnd } from './near-end.ts';
import type { StreamLaw } from './stream-law.ts';
import { checkStuckHalves } from './stuck-halves.ts';
import type { OpenSubject } from './subject.ts';

/** The rooms of the reads that bring a case to its end, one after the other. */
const ROOMS = [1, 4096, 61, 16_384] as const;
/** Half a poll is asked twice more: a stream may have to look again before it sees what has come. */
const PROBES = 2;
/** So often in a row the far end may be woken for nothing. */
const FAR_POLLS = 8;

/** Lets everything happen that is due, and then looks for who was left behind. */
export class Turns {
  /** Whether one read follows the other. */
  readsOn = false;
  readonly #near: NearEnd;
  readonly #far: FarEnd;
  readonly #open: OpenSubject;
  readonly #carriesHalfClose: boolean;
  #turns = 0;
  #rooms = 0;

  constructor(near: NearEnd, far: FarEnd, open: OpenSubject, carriesHalfClose: boolean) {
    this.#near = near;
    this.#far = far;
    this.#open = open;
    this.#carriesHalfClose = carriesHalfClose;
  }

  /** Everything that is woken is polled, until nothing is; then nobody who could go on may be waiting. */
  async turn(): Promise<void> {
    await this.settle();
    while (this.#isSomethingLate() && (await this.#open.wait?.()) === true) await this.settle();
    this.#turns += 1;
    // In both orders: where the halves share a place for their waker, the later one has it.
    const halves: Half[] = this.#turns % 2 === 0 ? ['read', 'write'] : ['write', 'read'];
    for (const half of halves) await this.#probe(half);
    const { flushed } = this.#near;
    if (this.#far.isHungry && flushed > this.#far.received && !this.#near.hasFailed)
      await this.#tellLateFromLost(flushed);
    checkStuckHalves(this.#near, this.#far, this.#carriesHalfClose);
  }

  /** Everything that is woken is polled, until nothing is. */
  async settle(): Promise<void> {
    const far = this.#far;
    let idle = 0;
    for (let moves = this.#moves; ; moves = this.#moves) {
      await this.#open.settle();
      const farPolls = far.isWoken;
      if (farPolls) far.pump();
      if (far.broken !== null) throw far.broken;
      const polled = this.#pollWoken();
      const moved = this.#moves !== moves;
      idle = moved ? 0 : idle + 1;
      // What the far end is told by an event may come after a poll that moves nothing.
      if (polled === null && !moved && (!farPolls || idle > FAR_POLLS)) return;
      if (polled !== null) this.#checkIdle(polled, idle);
    }
  }

  /** Something that could be there by now is not. */
  #isSomethingLate(): boolean {
    const near = this.#near;
    const far = this.#far;
    if (near.readerWaits && (far.flushed > near.received || far.endDone || near.hasFailed)) return true;
    if (far.sawEnd) return near.writerWaits;
    return far.isHungry && (near.flushed > far.received || near.shutdownDone || near.writerWaits);
  }

  get #moves(): number {
    return this.#near.moves + this.#far.moves;
  }

  /** Returns a half that was polled; null: nobody is woken. */
  #pollWoken(): Half | null {
    const near = this.#near;
    const reads = near.readerWaits && near.reader.isWoken;
    const writes = near.writerWaits && near.writer.isWoken;
    if (reads) near.pollReader();
    else if (this.readsOn && !near.ended && !near.readFailed && near.readRoom === 0) {
      this.#rooms += 1;
      near.read(ROOMS[this.#rooms % ROOMS.length] ?? 1, this.#rooms % 3 === 0);
      return 'read';
    }
    if (writes) near.pollWriter();
    return writes ? 'write' : reads ? 'read' : null;
  }

  #checkIdle(half: Half, polls: number): void {
    const near = this.#near;
    const broken = checkIdlePolls(half, polls);
    if (half === 'write' && near.shutdownWaits) expectLaw('shutdown', 'pollShutdown', broken, ['wakers']);
    if (half === 'write' && near.wantsFlush) expectLaw('flush', 'pollFlush', broken, ['wakers']);
    expectLaw('wakers', half === 'read' ? 'pollRead' : 'pollWrite', broken);
  }

  /**
   * What it waits for may have come. Else it is left alone, for a poll would register it anew where it has been pushed out. A writer
   * that is held back may be woken only when there is a good deal of room again, as long as somebody still has to read.
   */
  #couldGoOn(half: Half): boolean {
    const near = this.#near;
    const far = this.#far;
    if (near.hasFailed) return true;
    return half === 'read' ? far.written > near.received || far.endAsked : far.isHungry || far.sawEnd;
  }

  /** A poll that nobody asked for: had it something to do, the half should have been woken. */
  async #probe(half: Half): Promise<void> {
    const near = this.#near;
    if (!this.#couldGoOn(half)) return;
    for (let probe = 0; probe < PROBES; probe += 1) {
      if (!(half === 'read' ? near.readerWaits : near.writerWaits)) return;
      const before = near.moves;
      const mayFollowFrom = near.hasFailed ? [lawOfWait(near, half)] : [];
      if (half === 'read') near.pollReader();
      else near.pollWriter();
      expectLaw(
        'wakers',
        half === 'read' ? 'pollRead' : 'pollWrite',
        checkWoken(half, near.moves !== before),
        mayFollowFrom,
      );
      await this.settle();
    }
  }

  /** A flush was done, and bytes of before it have not arrived: if they come when more is done they were held back, else they are lost. */
  async #tellLateFromLost(flushed: number): Promise<never> {
    const near = this.#near;
    const far = this.#far;
    const missing = flushed - far.received;
    far.read(Infinity);
    try {
      await this.settle();
      for (const push of [() => near.flush(), () => near.write(1, false), () => near.flush(), () => near.shutdown()]) {
        if (far.received >= flushed) break;
        push();
        await this.settle();
      }
    } catch (error) {
      // What came of it is told by what has arrived.
      if (!(error instanceof LawBroken)) throw error;
    }
    if (far.received >= flushed) throw new LawBroken('flush', 'pollFlush', heldBack(missing));
    throw new LawBroken(
      'conservation',
      'pollWrite',
      `${missing} bytes that pollWrite has taken, and pollFlush has passed on, have never arrived`,
      ['counts'],
    );
  }
}

/** What a half waits for that was never told: its own law, if it had broken that before anything failed. */
function lawOfWait(near: NearEnd, half: Half): StreamLaw {
  if (half === 'read') return 'end';
  if (near.shutdownWaits) return 'shutdown';
  return near.wantsFlush ? 'flush' : 'back-pressure';
}
