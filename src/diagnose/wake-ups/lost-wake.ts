import { halfIndex } from '../half-place.ts';
import { Kind, SocketState } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import type { Report } from '../finding.ts';
import { NONE, type HalfPicture } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';
import { HALVES, nameOf, pictureOf, type HalfName } from './halves.ts';

/**
 * Nothing moves any more; a half has registered and was never woken; and what is beneath it would answer. Either the event
 * was lost on its way (between the look and the registration, or cleared unseen), or another half has taken the waker's place.
 */
export const lostWake: Detector = {
  classes: ['readiness-lost', 'waker-overwritten'],
  kinds: [Kind.READ, Kind.WRITE, Kind.FLUSH, Kind.SHUTDOWN, Kind.SOCKET],
  open: (picture, report) => new LostWake(picture, report),
};

class LostWake implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  /** Of each half: its latest call that asked the stream beneath found it Pending. */
  readonly #waitsBeneath = [false, false, false, false];
  /** Of each half: the latest time that the stream beneath has woken its caller. */
  readonly #beneathWokeSeq = [NONE, NONE, NONE, NONE];

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    if (event.kind === Kind.SOCKET) {
      if (event.n === SocketState.WOKE) this.#beneathWokeSeq[halfIndex(event)] = event.seq;
      return;
    }
    const half = this.#picture.halfOf(event);
    if (half.innerCalls > 0) this.#waitsBeneath[halfIndex(event)] = half.innerPendings > 0;
    // It has said what it waits for instead.
    else if (half.blockedSeq > half.lastSeq) this.#waitsBeneath[halfIndex(event)] = false;
  }

  onEnd({ outcome }: Ending): void {
    if (outcome !== 'parked') return;
    for (const [index, name] of HALVES.entries()) {
      const report = this.#judge(index, name);
      if (report !== null) this.#report(report);
    }
  }

  #judge(index: number, name: HalfName): Report | null {
    const picture = this.#picture;
    const half = pictureOf(picture, name);
    if (!half.isParked || picture.gapSeq > half.registeredSeq) return null;
    const readySeq = this.#readySeq(index, name, half);
    if (readySeq === NONE) return null;
    const sibling = picture.sibling(name.direction, name.half);
    const isSameSlot = half.slot === 0 || sibling.slot === 0 || half.slot === sibling.slot;
    const isOverwritten = sibling.registeredSeq > half.registeredSeq && isSameSlot;
    return isOverwritten ? overwritten(name, half, sibling, readySeq) : lost(name, half, readySeq);
  }

  /** The event that shows that there was something to wake it for. */
  #readySeq(index: number, { direction, half: which }: HalfName, half: HalfPicture): number {
    const wokeSeq = this.#beneathWokeSeq[index] ?? NONE;
    if (wokeSeq > half.registeredSeq) return wokeSeq;
    const levelSeq = which === 'read' ? half.readableSeq : half.writableSeq;
    if (!(levelSeq > half.lastSeq)) return NONE;
    // An adapter that waits for something of its own has not asked beneath: what is there is no news to it.
    const tells = half.hasInner || this.#picture.sibling(direction, which).hasInner;
    return !tells || this.#waitsBeneath[index] === true ? levelSeq : NONE;
  }
}

function lost(name: HalfName, half: HalfPicture, readySeq: number): Report {
  return {
    class: 'readiness-lost',
    ...name,
    seq: readySeq,
    events: [half.lastSeq, half.registeredSeq],
    numbers: half.readableBytes > 0 && name.half === 'read' ? { readableBytes: half.readableBytes } : {},
    meaning: `${why(name)}, has registered its waker, and was never woken: the event came between the look and the registration, or was cleared before anybody had seen it`,
  };
}

function overwritten(name: HalfName, half: HalfPicture, sibling: HalfPicture, readySeq: number): Report {
  const other = nameOf({ direction: name.direction === 'a -> b' ? 'b -> a' : 'a -> b', half: sibling.half });
  return {
    class: 'waker-overwritten',
    ...name,
    seq: sibling.registeredSeq,
    events: [half.registeredSeq, readySeq],
    meaning: `${why(name)}, has registered its waker, and was never woken; ${other} has registered after it: in the same place?`,
    confidence: 'likely',
    readings: [
      {
        class: 'readiness-lost',
        why: 'the slots are not told: the event may as well have come before the registration',
      },
    ],
  };
}

function why(name: HalfName): string {
  const who = nameOf(name);
  const could = name.half === 'read' ? 'could be read' : 'could go on';
  return `${who.charAt(0).toUpperCase()}${who.slice(1)} ${could}`;
}
