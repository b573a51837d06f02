import { byteText } from '../byte-text.ts';
import type { Direction } from '../../poll/direction.ts';
import { Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Reporter } from '../detector.ts';
import type { Report } from '../finding.ts';
import type { HalfPicture } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';
import { WriteAccount, type Excess, type Shortfall } from './write-account.ts';

/**
 * A write that takes less than it reports, or more: no count that the copy sees is impossible, so that only what lies
 * beneath the stream can tell.
 */
export const takenAndReported: Detector = {
  classes: ['partial-over-report', 'retry-grown', 'under-report'],
  kinds: [Kind.INNER_WRITE, Kind.WRITE, Kind.FLUSH, Kind.SHUTDOWN],
  open: (picture, report) => new TakenAndReported(picture, report),
};

/** So many later writes that have gone past what is missing say that it will not come any more. */
const OVERTAKEN = 4;

class TakenAndReported implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  readonly #up = new WriteAccount();
  readonly #down = new WriteAccount();

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    const { isDown } = event;
    const account = isDown ? this.#down : this.#up;
    account.gap(this.#picture.gapSeq);
    if (event.kind === Kind.INNER_WRITE) {
      account.handOn(event.offered);
      return;
    }
    const half = (isDown ? this.#picture.bToA : this.#picture.aToB).write;
    if (event.kind === Kind.WRITE) {
      const excess = account.write(event, half);
      if (excess !== null) this.#report(twiceReport(event, excess));
      if (account.overtaken >= OVERTAKEN) this.#overtaken(account, half, event.direction);
      return;
    }
    account.finish(half);
    const isSent = event.kind === Kind.SHUTDOWN && event.n === 0 && !event.hasFailed;
    if (isSent) this.#missing(account, half, event.direction);
  }

  /** What later bytes have gone past does not come any more. */
  onEnd(): void {
    for (const [account, direction] of [
      [this.#up, 'a -> b'],
      [this.#down, 'b -> a'],
    ] as const) {
      if (account.overtaken > 0) this.#overtaken(account, this.#picture.of(direction).write, direction);
    }
  }

  /** Of bytes of one length, each sent with the next, it looks so from the beginning on: not of a stream that had not done that. */
  #overtaken(account: WriteAccount, half: HalfPicture, direction: Direction): void {
    if (account.short?.wasWhole === true) this.#missing(account, half, direction);
  }

  #missing(account: WriteAccount, half: HalfPicture, direction: Direction): void {
    const { short, owed } = account;
    if (short === null || account.keepsBack || !account.canJudge(half)) return;
    // It says itself that the bytes lie in it: what becomes of them there is another matter.
    if (half.queue > 0 && half.queueSeq > short.seq) return;
    account.settle(half);
    // The header that it counts with each message; where a message was not all taken, that is no more than was offered.
    if (short.reported - short.taken === account.overBy) return;
    this.#report(missingReport(short, owed, direction));
  }
}

function twiceReport({ seq, direction, offered, n: reported }: SeenEvent, { taken, twice }: Excess): Report {
  const next = reported < offered ? 'the copy offers the rest again, and the peer gets' : 'the peer gets';
  return {
    class: 'under-report',
    direction,
    half: 'write',
    seq,
    numbers: { offered, taken, reported, twice },
    meaning: `A write was offered ${byteText(offered)}, took ${taken} and reported ${reported}: ${next} ${byteText(twice)} twice`,
  };
}

function missingReport(short: Shortfall, missing: number, direction: Direction): Report {
  const { seq, offered, reported, taken, handedOn, pendingOffered } = short;
  const isGrown = pendingOffered > 0 && reported - taken <= offered - pendingOffered;
  const numbers = { offered, reported, taken, missing };
  const lost = `${byteText(missing)} ${missing === 1 ? 'is' : 'are'} missing at the peer, and every count looks right`;
  // What it handed on was less than it reported, and all of that was taken: nothing is left to come.
  const isProven = handedOn === taken;
  const doubt: Pick<Report, 'confidence' | 'readings'> = isProven
    ? {}
    : {
        confidence: 'likely',
        readings: [{ class: 'shutdown-drops-tail', why: 'it may have kept the bytes, and dropped them at its end' }],
      };
  const common = {
    direction,
    half: 'write',
    seq,
    ...doubt,
  } as const;
  if (isGrown)
    return {
      ...common,
      class: 'retry-grown',
      numbers: { ...numbers, pending: pendingOffered },
      meaning: `A write was Pending with ${byteText(pendingOffered)}, was offered ${offered} when it was asked again, sent ${taken} and reported ${reported}: ${lost}`,
    };
  return {
    ...common,
    class: 'partial-over-report',
    numbers,
    meaning: `A write was offered ${byteText(offered)}, took ${taken === 0 ? 'none' : taken} and reported ${reported}: ${lost}`,
  };
}
