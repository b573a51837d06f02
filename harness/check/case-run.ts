import type { Half } from '../../src/poll/direction.ts';
import { expectLaw } from './breach.ts';
import { FarEnd } from './far-end.ts';
import { checkPassedOn } from './laws/shutdown.ts';
import { NearEnd } from './near-end.ts';
import type { CaseStep, StreamCase } from './stream-case.ts';
import type { OpenSubject, Subject } from './subject.ts';
import { Turns } from './turns.ts';

/** One case under way: the steps, and then everything brought to its end. Throws LawBroken at the first breach. */
export class CaseRun {
  /** The index of the step under way; the number of steps when they are through. */
  step = 0;
  readonly #case: StreamCase;
  readonly #open: OpenSubject;
  readonly #near: NearEnd;
  readonly #far: FarEnd;
  readonly #turns: Turns;

  constructor(subject: Subject, open: OpenSubject, streamCase: StreamCase) {
    const { carriesHalfClose, maxBufferedBytes } = subject;
    this.#open = open;
    this.#case = streamCase;
    this.#far = new FarEnd(open.far, { pumpsAtOnce: streamCase.inner.wakesAtOnce === true, carriesHalfClose });
    this.#near = new NearEnd(open.near, {
      far: this.#far,
      carriesHalfClose,
      maxUnreadBytes: maxBufferedBytes + open.capacityBytes,
      misuse: () => open.misuse,
      answersLater: open.failsWhenSettled === true,
    });
    this.#turns = new Turns(this.#near, this.#far, open, carriesHalfClose);
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
        this.#shutdown();
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
        await this.#fail();
        break;
      case 'turn':
        await this.#turns.turn();
        break;
    }
  }

  #pollUnasked(half: Half, newWaker: boolean): void {
    const near = this.#near;
    if (newWaker) (half === 'read' ? near.reader : near.writer).renew();
    if (half === 'read') near.pollReader();
    else near.pollWriter();
  }

  async #fail(): Promise<void> {
    const whenSettled = this.#open.failsWhenSettled === true;
    if (whenSettled) await this.#turns.settle();
    this.#near.hasFailed = true;
    this.#far.mayFail = true;
    this.#far.mayEnd = true;
    this.#open.fail(new Error('The inner side was made to fail'));
    if (whenSettled) await this.#turns.settle();
  }

  #shutdown(): void {
    this.#far.mayEnd = true;
    this.#near.shutdown();
  }

  async #finish(): Promise<void> {
    const near = this.#near;
    const far = this.#far;
    this.#turns.readsOn = true;
    far.read(Infinity);
    await this.#turns.turn();
    near.flush();
    await this.#turns.turn();
    const ends = [
      (): void => {
        if (!near.shutdownAsked) this.#shutdown();
      },
      (): void => {
        if (!near.hasFailed) far.end();
      },
    ];
    if (this.#case.endsFirst === 'far') ends.reverse();
    for (const end of ends) {
      end();
      await this.#turns.turn();
    }
    if (!near.hasFailed) this.#checkOver();
    await this.#again();
  }

  #checkOver(): void {
    const near = this.#near;
    const { received, sawEnd, written } = this.#far;
    const isFlushed = near.flushed > received;
    if (!near.ended) expectLaw('end', 'pollRead', 'The far end has ended, and no read has said so', ['wakers']);
    if (near.received < written)
      expectLaw('conservation', 'pollRead', `${written - near.received} of ${written} bytes were never read`, [
        'wakers',
      ]);
    if (isFlushed)
      expectLaw(
        'conservation',
        'pollWrite',
        `${near.taken - received} bytes that pollWrite has taken have never arrived`,
        ['counts'],
      );
    const lost = checkPassedOn({ taken: near.taken, received, sawEnd });
    expectLaw('shutdown', 'pollShutdown', lost, ['counts', 'conservation']);
  }

  /** What is over stays so. */
  async #again(): Promise<void> {
    const near = this.#near;
    if (near.ended && !near.readFailed) near.read(16, false);
    await this.#turns.turn();
    if (near.ended && !near.readFailed) near.read(1, true);
    if (near.shutdownDone && !near.hasFailed) {
      near.shutdown();
      near.flush();
      await this.#turns.turn();
      near.write(1, false);
    }
    await this.#turns.turn();
  }
}
