import { Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Reporter } from '../detector.ts';
import type { DirectionPicture } from '../direction-picture.ts';
import type { Report } from '../finding.ts';
import type { SeenEvent } from '../seen-event.ts';

/**
 * A write that reports more than it was offered. Whether the copy then goes round for ever, or its next reset hides it, shows
 * only afterwards: until its direction reads or writes again it counts as the former.
 */
export const overReport: Detector = {
  classes: ['over-report-spin', 'over-report-masked'],
  kinds: [Kind.READ, Kind.WRITE, Kind.FLUSH, Kind.SHUTDOWN, Kind.LOOP],
  open: (picture, report) => new OverReport(picture, report),
};

interface Claim {
  readonly seq: number;
  readonly offered: number;
  readonly reported: number;
  loopSeq: number;
  pos: number;
  cap: number;
}

class OverReport implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  readonly #claims: [Claim | null, Claim | null] = [null, null];

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    const claim = this.#claims[event.isDown ? 1 : 0];
    if (event.kind === Kind.LOOP) this.#loop(event, claim);
    else if (claim !== null) this.#settle(event.isDown, 'over-report-masked');
    if (event.kind === Kind.WRITE && event.n > event.offered) {
      const { seq, offered, n: reported, pos } = event;
      // A wrapper around the stream does not see the places: then what was offered began at 0.
      const cap = event.cap === 0 ? offered : event.cap;
      this.#claims[event.isDown ? 1 : 0] = { seq, offered, reported, loopSeq: -1, pos: pos + reported, cap };
    }
  }

  onEnd(): void {
    for (const isDown of [false, true]) this.#settle(isDown, 'over-report-spin');
  }

  #loop(event: SeenEvent, known: Claim | null): void {
    if (!(event.pos > event.cap)) return;
    const claim = known ?? claimOf(event, event.isDown ? this.#picture.bToA : this.#picture.aToB);
    claim.loopSeq = event.seq;
    claim.pos = event.pos;
    claim.cap = event.cap;
    this.#claims[event.isDown ? 1 : 0] = claim;
    if (event.repeat > 0) this.#settle(event.isDown, 'over-report-spin');
  }

  #settle(isDown: boolean, name: 'over-report-spin' | 'over-report-masked'): void {
    const claim = this.#claims[isDown ? 1 : 0];
    if (claim === null) return;
    this.#claims[isDown ? 1 : 0] = null;
    this.#report(reportOf(claim, name, isDown));
  }
}

/** Where nobody has recorded the write, as in a printed trace: what the places before and after it tell. */
function claimOf(event: SeenEvent, before: DirectionPicture): Claim {
  const isSameSlice = before.cap === event.cap && before.pos < before.cap;
  const from = isSameSlice ? before.pos : 0;
  return {
    seq: event.seq,
    offered: event.cap - from,
    reported: event.pos - from,
    loopSeq: event.seq,
    pos: event.pos,
    cap: event.cap,
  };
}

function reportOf(claim: Claim, name: 'over-report-spin' | 'over-report-masked', isDown: boolean): Report {
  const { seq, offered, reported, loopSeq, pos, cap } = claim;
  const more = reported - offered;
  const what = `A write was offered ${offered} bytes and reported ${reported}, ${more} more than the slice: a header counted in?`;
  const then =
    name === 'over-report-spin'
      ? `pos ${pos} has passed cap ${cap}, and a loop that waits for pos == cap never ends`
      : `pos ${pos} had passed cap ${cap} when the buffer was reset, so the copy went on, and its count is ${more} too large`;
  return {
    class: name,
    direction: isDown ? 'b -> a' : 'a -> b',
    half: 'write',
    seq,
    events: [seq, loopSeq],
    numbers: { offered, reported, more, pos, cap },
    meaning: `${what} ${then}`,
  };
}
