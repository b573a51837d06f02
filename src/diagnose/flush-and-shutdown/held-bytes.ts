import { Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import { NONE } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';
import { abandonedByFlush, abandonedByWrite } from './flush-abandoned.ts';
import { flushLied } from './flush-lies.ts';
import { HeldAccount } from './held-account.ts';
import { missedFlush } from './missed-flush.ts';
import { droppedTail } from './shutdown-drops-tail.ts';

/**
 * Bytes that were reported as written and have not gone out. One account tells four things: nobody has flushed them, a flush
 * has lied about them, a write has thrown away what a flush was sending, or a shutdown has dropped them.
 */
export const heldBytes: Detector = {
  classes: ['missed-flush', 'flush-abandoned', 'flush-lies', 'shutdown-drops-tail'],
  kinds: [Kind.WRITE, Kind.FLUSH, Kind.SHUTDOWN],
  open: (picture, report) => new HeldBytes(picture, report),
};

class HeldBytes implements ConnectionDetector {
  readonly #report: Reporter;
  readonly #up: HeldAccount;
  readonly #down: HeldAccount;

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#report = report;
    this.#up = new HeldAccount(picture, picture.aToB);
    this.#down = new HeldAccount(picture, picture.bToA);
  }

  onEvent(event: SeenEvent): void {
    const account = event.isDown ? this.#down : this.#up;
    const took = event.kind === Kind.WRITE && event.n > 0 && !event.hasFailed ? event.n : 0;
    account.begin(event, took);
    const queue = account.toldQueue();
    if (event.kind === Kind.WRITE) {
      if (took > 0 && account.flushPendingSeq !== NONE) this.#abandoned(account, event, queue, took);
    } else if (event.kind === Kind.FLUSH) {
      this.#flushed(account, event, queue);
    } else if (event.n === 0 && !event.hasFailed) {
      this.#tell(droppedTail(account, event));
    }
    account.queue = queue;
  }

  onEnd({ outcome }: Ending): void {
    if (outcome !== 'parked') return;
    for (const account of [this.#up, this.#down]) this.#tell(missedFlush(account));
  }

  #flushed(account: HeldAccount, event: SeenEvent, queue: number): void {
    account.flushSeq = event.seq;
    if (event.hasFailed) return;
    if (event.isPending) {
      account.flushPendingSeq = event.seq;
      return;
    }
    this.#tell(flushLied(account, event, queue));
    this.#tell(abandonedByFlush(account, event, queue));
    account.flushPendingSeq = NONE;
    account.abandonedSeq = NONE;
    account.wasWhole = !(account.missing() !== 0);
  }

  /** The copy does so by design when its reader has more. It is a defect of a stream that does not bear it. */
  #abandoned(account: HeldAccount, event: SeenEvent, queue: number, took: number): void {
    if (account.abandonedSeq === NONE) {
      account.abandonedSeq = event.seq;
      account.abandonedFlushSeq = account.flushPendingSeq;
    }
    this.#tell(abandonedByWrite(account, event, account.vanished(queue, took)));
  }

  #tell(report: Parameters<Reporter>[0] | null): void {
    if (report !== null) this.#report(report);
  }
}
