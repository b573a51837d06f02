import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import type { HalfPicture } from '../half-picture.ts';
import { HALVES, nameOf, pictureOf } from './halves.ts';

/**
 * A waker was called, and no poll came of it while time went on: who runs the copy has put the wake off, and then blocked
 * its thread or forgotten it. The streams have done what they should.
 */
export const deferredWakeLost: Detector = {
  classes: ['deferred-wake-lost'],
  kinds: [],
  open: (picture, report) => new DeferredWakeLost(picture, report),
};

class DeferredWakeLost implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEnd({ outcome, atMs }: Ending): void {
    // A thread that works for long may still come to it. One that stands in a system call does not, and a parked copy neither.
    if (outcome !== 'parked' && outcome !== 'blocked') return;
    const picture = this.#picture;
    // Polls that went round are counted at the first of them, and their wakes come after it.
    if (picture.pollTimes > 1 || picture.gapSeq > picture.pollSeq) return;
    for (const name of HALVES) {
      const half = pictureOf(picture, name);
      const { wokenSeq } = half;
      if (!(wokenSeq > picture.pollSeq)) continue;
      // What wakes a parked copy from outside, as the last of its trace, may have had its poll after that.
      if (outcome === 'parked' && !this.#isWithinPoll(half)) continue;
      const sinceMs = Math.max(0, Math.round(atMs - picture.pollTickMs));
      const where = outcome === 'blocked' ? 'its thread stands still' : 'nobody has polled it since';
      this.#report({
        class: 'deferred-wake-lost',
        direction: name.direction,
        half: name.half,
        seq: wokenSeq,
        events: [picture.pollSeq],
        numbers: { sinceMs },
        // Most often in a system call; it may as well get no processor, and come to it later.
        ...(outcome === 'blocked' ? { confidence: 'likely' as const } : {}),
        meaning: `The waker of ${nameOf(name)} was called, and no poll followed in the ${sinceMs} ms to the end: the wake has been put off, and ${where}`,
      });
      return;
    }
  }

  /** Whether the poll went on after the wake: a call was recorded later, or the registration belongs to one that was not yet. */
  #isWithinPoll({ wokenSeq, registeredSeq, lastSeq }: HalfPicture): boolean {
    const { aToB, bToA } = this.#picture;
    if ([aToB.read, aToB.write, bToA.read, bToA.write].some((half) => half.lastSeq > wokenSeq)) return true;
    return registeredSeq > lastSeq && wokenSeq > registeredSeq;
  }
}
