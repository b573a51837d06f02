import { Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import type { SeenEvent } from '../seen-event.ts';

/**
 * One poll that moves more than any poll should, and goes on: nothing else of the thread runs meanwhile. Unlike a loop that
 * spins it has progress; what is wrong is that nobody looks up.
 */
export const neverYields: Detector = {
  classes: ['never-yields'],
  kinds: [Kind.POLL, Kind.READ, Kind.WRITE],
  open: (picture, report) => new NeverYields(picture, report),
};

/**
 * Written in one poll, in so many calls. Between real sockets a poll has at most what had arrived before it began, a mark of 1 MiB
 * and a chunk in each direction, and `checked` looks up after 128 calls of a direction.
 */
const MOST_BYTES = 8 << 20;
const LEAST_CALLS = 512;
/** However few bytes each moves. */
const MOST_CALLS = 1 << 20;
/** Where somebody else has seen that the thread does not come back. */
const LEAST_CALLS_WHEN_BUSY = 128;

class NeverYields implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  /** Calls of this poll that moved something, and what they wrote, of each direction. */
  #callsUp = 0;
  #callsDown = 0;
  #bytesUp = 0;
  #bytesDown = 0;
  #lastSeq = -1;
  #gapSeq = -1;
  #isReported = false;

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    if (event.kind === Kind.POLL) {
      this.#begin();
      this.#isReported = false;
      return;
    }
    if (!(event.n > 0)) return;
    // Polls may have begun and ended among the records that are missing.
    if (this.#picture.gapSeq !== this.#gapSeq) this.#begin();
    const bytes = event.kind === Kind.WRITE ? event.n : 0;
    if (event.isDown) {
      this.#callsDown += 1;
      this.#bytesDown += bytes;
    } else {
      this.#callsUp += 1;
      this.#bytesUp += bytes;
    }
    this.#lastSeq = event.seq;
    if (this.#isTooMuch() && !this.#isReported) this.#found();
  }

  /** The thread was seen not to come back, in a copy that moves bytes: the poll under way is the one. */
  onEnd({ outcome, direction }: Ending): void {
    if (outcome !== 'busy' || direction === undefined || this.#isReported) return;
    if (this.#callsUp + this.#callsDown >= LEAST_CALLS_WHEN_BUSY) this.#found();
  }

  #begin(): void {
    this.#gapSeq = this.#picture.gapSeq;
    this.#callsUp = 0;
    this.#callsDown = 0;
    this.#bytesUp = 0;
    this.#bytesDown = 0;
  }

  #isTooMuch(): boolean {
    const calls = this.#callsUp + this.#callsDown;
    if (calls < LEAST_CALLS || (this.#bytesUp + this.#bytesDown < MOST_BYTES && calls < MOST_CALLS)) return false;
    // Who records no polls says nothing about where one ends.
    return this.#picture.pollSeq !== -1;
  }

  #found(): void {
    this.#isReported = true;
    const calls = this.#callsUp + this.#callsDown;
    const bytes = this.#bytesUp + this.#bytesDown;
    this.#report({
      class: 'never-yields',
      direction: this.#callsUp >= this.#callsDown ? 'a -> b' : 'b -> a',
      seq: this.#lastSeq,
      events: [this.#picture.pollSeq],
      numbers: { calls, bytes },
      meaning: `One poll has made ${calls} calls that moved something, wrote ${bytes} bytes, and was not over: both sides were always ready, and nothing else of the thread ran, no timer and no cancellation`,
    });
  }
}
