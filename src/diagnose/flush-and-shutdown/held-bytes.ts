import { Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import { NONE } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';
import { abandonedFlush } from './flush-abandoned.ts';
import { flushLied, hollowFlush, lateAfterFlush } from './flush-lies.ts';
import { HeldAccount } from './held-account.ts';
import { missedFlush } from './missed-flush.ts';
import { droppedTail } from './shutdown-drops-tail.ts';

/**
 * Bytes that were reported as written and have not gone out. One account tells four things: nobody has flushed them, a flush
 * has lied about them, a write has thrown away what a flush was sending, or a shutdown has dropped them.
 */
export const heldBytes: Detector = {
  classes: ['missed-flush', 'flush-abandoned', 'flush-lies', 'shutdown-drops-tail'],
  kinds: [Kind.WRITE, Kind.FLUSH, Kind.SHUTDOWN, Kind.INNER_FLUSH, Kind.QUEUE],
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
    if (event.kind > Kind.SHUTDOWN) {
      if (event.half === 'write') account.beneath(event.kind);
      return;
    }
    const took = event.kind === Kind.WRITE && event.n > 0 && !event.hasFailed ? event.n : 0;
    account.begin(event, took);
    this.#tell(lateAfterFlush(account, event, took));
    const queue = account.toldQueue();
    if (event.kind === Kind.WRITE) {
      if (took > 0 && account.flushPendingSeq !== NONE) account.abandon(event.seq, account.vanished(queue, took));
    } else if (event.kind === Kind.FLUSH) {
      this.#flushed(account, event, queue);
    } else if (event.n === 0 && !event.hasFailed) {
      this.#tell(droppedTail(account, event));
    }
    account.end(queue);
  }

  onEnd({ outcome }: Ending): void {
    // Of a copy that has ended its shutdown tells.
    if (outcome === 'completed' || outcome === 'failed') return;
    for (const account of [this.#up, this.#down]) {
      this.#tell(hollowFlush(account));
      if (outcome === 'parked') this.#tell(missedFlush(account));
    }
  }

  #flushed(account: HeldAccount, event: SeenEvent, queue: number): void {
    account.flushSeq = event.seq;
    if (event.hasFailed) return;
    if (event.isPending) {
      account.flushing(event.seq);
      return;
    }
    this.#tell(flushLied(account, event, queue));
    this.#tell(abandonedFlush(account, event, queue));
    account.flushPendingSeq = NONE;
    account.abandonedSeq = NONE;
  }

  #tell(report: Parameters<Reporter>[0] | null): void {
    if (report !== null) this.#report(report);
  }
}
