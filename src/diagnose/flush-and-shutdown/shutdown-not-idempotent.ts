import { Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import { NONE, type HalfPicture } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';

/** So often a shutdown has to have begun anew before that is what keeps it from ending. */
const MIN_RESTARTS = 3;

/**
 * A shutdown that is asked a second time, as every Pending one is, and fails at that by itself, or begins anew each time. Where
 * the stream beneath has failed, or its connection, the failure is theirs.
 */
export const shutdownNotIdempotent: Detector = {
  classes: ['shutdown-not-idempotent'],
  kinds: [Kind.SHUTDOWN, Kind.INNER_SHUTDOWN],
  open: (picture, report) => new ShutdownNotIdempotent(picture, report),
};

class Asked {
  /** The stream beneath has said in this call that it is shut down; and in so many calls that were Pending all the same. */
  innerDone = false;
  restarts = 0;
}

class ShutdownNotIdempotent implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  readonly #asked: readonly [Asked, Asked] = [new Asked(), new Asked()];

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    const asked = this.#asked[event.isDown ? 1 : 0];
    if (event.kind === Kind.INNER_SHUTDOWN) {
      asked.innerDone ||= event.n === 0 && !event.hasFailed;
      return;
    }
    if (event.isPending && asked.innerDone) asked.restarts += 1;
    asked.innerDone = false;
    if (event.hasFailed) this.#failed(event);
  }

  /** Polls without end that move nothing: each began the shutdown anew. Where it only waits, the copy is parked. */
  onEnd({ outcome }: Ending): void {
    if (outcome !== 'livelocked' && outcome !== 'unfinished') return;
    for (const [index, { direction, write }] of [this.#picture.aToB, this.#picture.bToA].entries()) {
      const restarts = this.#asked[index === 0 ? 0 : 1].restarts;
      if (restarts < MIN_RESTARTS || write.lastKind !== Kind.SHUTDOWN || !write.isPending) continue;
      this.#report({
        class: 'shutdown-not-idempotent',
        direction,
        half: 'write',
        seq: write.lastSeq,
        events: [write.pendingSinceSeq],
        numbers: { restarts },
        meaning: `The shutdown begins anew each time it is asked: the stream beneath has said ${restarts} times that it is shut down, and it is Pending still`,
      });
    }
  }

  #failed(event: SeenEvent): void {
    const { write } = event.isDown ? this.#picture.bToA : this.#picture.aToB;
    const sibling = this.#picture.sibling(event.direction, 'write');
    const isAgain = write.isPending && write.lastKind === Kind.SHUTDOWN;
    const isOwn = (write.hasInner || sibling.hasInner) && write.innerFailures === 0;
    if (!isAgain || !isOwn || hasBroken(write) || hasBroken(sibling)) return;
    this.#report({
      class: 'shutdown-not-idempotent',
      direction: event.direction,
      half: 'write',
      seq: event.seq,
      events: [write.pendingSinceSeq, write.lastSeq],
      meaning: `The shutdown was Pending, and failed when it was asked again: nothing beneath it has failed, so it fails at being asked twice`,
    });
  }
}

/** What carries it has come to an end by itself. */
function hasBroken({ failedSeq, closedSeq }: HalfPicture): boolean {
  return failedSeq !== NONE || closedSeq !== NONE;
}
