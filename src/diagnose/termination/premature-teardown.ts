import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import type { DirectionPicture } from '../direction-picture.ts';
import { NONE } from '../half-picture.ts';
import { unwritten } from '../unwritten.ts';
import { isOver } from './is-over.ts';

/**
 * A copy that calls itself complete when one direction has ended, and drops the other where it stands. What fails or is
 * aborted drops it too, and says so.
 */
export const prematureTeardown: Detector = {
  classes: ['premature-teardown'],
  kinds: [],
  open: (picture, report) => new PrematureTeardown(picture, report),
};

class PrematureTeardown implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEnd({ outcome }: Ending): void {
    if (outcome !== 'completed') return;
    const { aToB, bToA } = this.#picture;
    for (const [ended, dropped] of [
      [aToB, bToA],
      [bToA, aToB],
    ] as const) {
      if (!isOver(ended) || isOver(dropped) || !this.#isKnown(dropped)) continue;
      const inBuffer = Math.max(0, unwritten(dropped));
      const queued = Math.max(0, dropped.read.queue);
      const isReadable = dropped.read.readableSeq > dropped.read.lastSeq;
      this.#report({
        class: 'premature-teardown',
        direction: dropped.direction,
        seq: Math.max(dropped.read.lastSeq, dropped.write.lastSeq, ended.readDoneSeq),
        events: [ended.readDoneSeq, dropped.read.lastSeq, dropped.write.lastSeq, dropped.read.readableSeq],
        numbers: { inBuffer, queued, bytes: dropped.writtenBytes },
        meaning: `The copy was complete when ${ended.direction} was over, and ${dropped.direction} was not over: ${lossOf(inBuffer + queued, isReadable)}`,
      });
    }
  }

  /** Who records one direction alone says nothing of the other; nor does a gap, after which it made no call. */
  #isKnown({ reads, read }: DirectionPicture): boolean {
    if (reads === 0) return read.readableSeq !== NONE;
    return read.lastSeq >= this.#picture.gapSeq;
  }
}

function lossOf(bytes: number, isReadable: boolean): string {
  if (bytes > 0) return `${bytes} bytes that it held are lost, and whatever was still to come`;
  if (isReadable) return 'what lay there to be read is lost, and whatever was still to come';
  return 'whatever its peer still had to say is lost';
}
