import { Flag, Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import type { SeenEvent } from '../seen-event.ts';
import { oddCount, saidOf, type CountClaim } from './count-claim.ts';
import { lessReport, overReportOf, type Fate } from './over-report-text.ts';

/**
 * A write that reports more than it was offered, or what is no count at all. Whether the copy then goes round for ever, or
 * its next reset hides it, shows only afterwards: until its direction reads or writes again it counts as the former.
 */
export const overReport: Detector = {
  classes: ['over-report-spin', 'over-report-masked', 'retry-shrunk', 'under-report'],
  kinds: [Kind.READ, Kind.WRITE, Kind.FLUSH, Kind.SHUTDOWN, Kind.LOOP],
  open: (picture, report) => new OverReport(picture, report),
};

/** What is remembered of one direction. */
class Track {
  readonly isDown: boolean;
  claim: CountClaim | null = null;
  /** The slice of the write before, and whether it was Pending. */
  offered = 0;
  wasPending = false;
  /** Its count was wrong, too. */
  wasOdd = false;
  /** It has reported the length of the slice before once. */
  isStale = false;
  /** Where the slice begins and ends by the event before. */
  from = 0;
  to = 0;
  /** The latest read has returned what is no count: what comes of its places is not the writer's doing. */
  isMisled = false;

  constructor(isDown: boolean) {
    this.isDown = isDown;
  }
}

class OverReport implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  readonly #up = new Track(false);
  readonly #down = new Track(true);

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    const track = event.isDown ? this.#down : this.#up;
    switch (event.kind) {
      case Kind.LOOP:
        if (track.claim !== null || !(event.pos <= event.cap)) this.#loop(event, track);
        track.from = event.pos;
        track.to = event.cap;
        break;
      case Kind.WRITE:
        if (track.claim !== null) this.#settle(track, track.claim.reported >= 0 ? 'masked' : 'again');
        this.#write(event, track);
        break;
      case Kind.READ:
        if (track.claim !== null) this.#settle(track, 'masked');
        this.#read(event, track);
        break;
      default:
        if (track.claim !== null) this.#settle(track, 'masked');
    }
  }

  onEnd(ending: Ending): void {
    for (const track of [this.#up, this.#down]) {
      if (track.claim !== null) this.#settle(track, fateOf(ending));
    }
  }

  #read(event: SeenEvent, track: Track): void {
    const { n, pos, cap } = event;
    track.isMisled = !event.isPending && !event.hasFailed && !(n >= 0);
    const isEmpty = pos === cap;
    track.from = isEmpty ? 0 : pos;
    track.to = (isEmpty ? 0 : cap) + (n > 0 ? n : 0);
  }

  #write(event: SeenEvent, track: Track): void {
    const { n, offered } = event;
    // What 32 bits hold is an integer.
    const isOdd = (!(n >= 0 && n <= offered) || (event.head & Flag.EXTENDED) !== 0) && this.#odd(event, track);
    track.wasOdd = isOdd;
    track.wasPending = event.isPending;
    track.offered = offered;
    track.from = event.pos + (n > 0 ? n : 0);
    track.to = event.cap;
  }

  /** Whether what was returned cannot be. */
  #odd(event: SeenEvent, track: Track): boolean {
    const { seq, n, offered, pos, cap } = event;
    if (event.isPending || event.hasFailed || track.isMisled || (Number.isInteger(n) && n >= 0 && n <= offered))
      return false;
    if (n > offered) {
      const stale = n === track.offered && (!track.wasOdd || track.isStale) ? n : 0;
      track.isStale ||= stale > 0;
      track.claim = claimOf(event, stale, track.wasPending, pos + n);
    } else if (oddCount(event) === 'less') {
      this.#report(lessReport({ seq, offered, pos, cap, said: saidOf(event) }, event.direction));
    } else track.claim = claimOf(event, 0, false, Number.NaN);
    return true;
  }

  /** An iteration has ended where the place is not before the end of the slice, nor at it; or one has, since a wrong count. */
  #loop(event: SeenEvent, track: Track): void {
    if (event.pos <= event.cap) {
      // It is a place again: the buffer was reset.
      this.#settle(track, 'masked');
      return;
    }
    // Told already, and come round once more.
    const isKnown = track.claim === null && Object.is(track.from, event.pos) && Object.is(track.to, event.cap);
    if (track.isMisled || isKnown) return;
    const claim = (track.claim ??= printedClaim(event, track));
    const isRound = claim.loopSeq !== -1 && claim.mark === event.n && Object.is(claim.pos, event.pos);
    if (claim.loopSeq === -1) {
      claim.loopSeq = event.seq;
      claim.mark = event.n;
    }
    claim.pos = event.pos;
    claim.cap = event.cap;
    if (event.repeat === 0 && !isRound) return;
    this.#settle(track, 'spinning');
  }

  #settle(track: Track, fate: Fate): void {
    const { claim } = track;
    if (claim === null) return;
    track.claim = null;
    const direction = track.isDown ? 'b -> a' : 'a -> b';
    this.#report(overReportOf(claim, fate, { direction, dialect: this.#picture.dialect }));
  }
}

function claimOf(event: SeenEvent, stale: number, isRetry: boolean, pos: number): CountClaim {
  const { seq, offered, n: reported } = event;
  // A wrapper around the stream does not see the places: then what was offered began at 0.
  const cap = event.cap === 0 ? offered : event.cap;
  const said = saidOf(event);
  return { seq, offered, reported, said, stale, isRetry, pos, cap, loopSeq: -1, mark: 0 };
}

/** Where nobody has recorded the write, as in a printed trace: what the places before it and after it tell. */
function printedClaim({ seq, pos, cap }: SeenEvent, before: Track): CountClaim {
  const from = before.to === cap && before.from < cap ? before.from : Number.NaN;
  const [offered, reported] = [cap - from, pos - from];
  return {
    seq,
    offered,
    reported,
    said: 'what is no number',
    stale: 0,
    isRetry: false,
    pos,
    cap,
    loopSeq: -1,
    mark: 0,
  };
}

/** What the end of a trace makes of a count of which nothing has shown yet. */
function fateOf({ outcome, code }: Ending): Fate {
  if (outcome === 'spinning') return 'spinning';
  if (outcome === 'completed') return 'masked';
  if (code === 'WRITE_COUNT_INVALID') return 'refused';
  if (code === 'ASSERTION_FAILED') return 'asserted';
  return 'unknown';
}
