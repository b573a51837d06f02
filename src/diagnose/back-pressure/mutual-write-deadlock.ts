import { Kind } from '../../trace/event-kind.ts';
import { sideOf, type ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import type { DirectionPicture } from '../direction-picture.ts';
import type { Report } from '../finding.ts';
import type { SeenEvent } from '../seen-event.ts';

/**
 * Both directions end in a write that waits, with bytes in hand: neither peer reads, and each waits for the other. No part of the
 * relay is wrong, and none can help.
 */
export const mutualWriteDeadlock: Detector = {
  classes: ['mutual-write-deadlock'],
  kinds: [Kind.WRITE],
  skipsBytes: true,
  open: (picture, report) => new MutualWriteDeadlock(picture, report),
};

class MutualWriteDeadlock implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  /** The latest write of each direction was Pending though nothing beneath it was: it waits for something else than its peer. */
  readonly #waitsElsewhere: [boolean, boolean] = [false, false];

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    if (!event.isPending) return;
    const { write } = event.isDown ? this.#picture.bToA : this.#picture.aToB;
    this.#waitsElsewhere[event.isDown ? 1 : 0] = write.hasInner && write.innerPendings === 0;
  }

  onEnd({ outcome }: Ending): void {
    // Who has not seen that nothing happens any more cannot tell two slow readers from two that wait for each other.
    if (outcome !== 'parked' && outcome !== 'waiting') return;
    const { aToB, bToA } = this.#picture;
    if (this.#waitsElsewhere.some((elsewhere) => elsewhere) || !isBlocked(aToB) || !isBlocked(bToA)) return;
    const first = aToB.write.pendingSinceSeq <= bToA.write.pendingSinceSeq ? aToB : bToA;
    const last = first === aToB ? bToA : aToB;
    this.#report(reportOf(first, last, outcome === 'waiting'));
  }
}

/** It has bytes in hand, its writer has said Pending, and nobody has woken it since. */
function isBlocked({ pos, cap, write }: DirectionPicture): boolean {
  return pos < cap && write.isPending && write.wokenSeq < write.lastSeq && !isOver(write);
}

function isOver({ failedSeq, closedSeq }: DirectionPicture['write']): boolean {
  return failedSeq !== -1 || closedSeq !== -1;
}

function reportOf(first: DirectionPicture, last: DirectionPicture, isOpen: boolean): Report {
  const blocked = [first, last] as const;
  const queues = blocked.flatMap(({ direction, write }) =>
    write.queueMark > 0 && write.queue >= write.queueMark
      ? [`${write.queue} bytes wait to be sent to ${sideOf(direction, 'write')} (mark ${write.queueMark})`]
      : [],
  );
  // A peer that has sent more than was read is stuck in its own write.
  const unread = blocked.flatMap(({ direction, read }) =>
    read.queueMark > 0 && read.queue >= read.queueMark && read.queueSeq > read.lastSeq
      ? [`${read.queue} have come from ${sideOf(direction, 'read')} and are not read`]
      : [],
  );
  const told = [...queues, ...unread];
  return {
    class: 'mutual-write-deadlock',
    direction: last.direction,
    half: 'write',
    seq: last.write.lastSeq,
    events: blocked.flatMap(({ write, read }) => [write.pendingSinceSeq, write.lastSeq, write.queueSeq, read.queueSeq]),
    numbers: {
      inHandUp: inHandOf(first.direction === 'a -> b' ? first : last),
      inHandDown: inHandOf(first.direction === 'a -> b' ? last : first),
    },
    meaning: `Both directions wait for their writer with bytes in hand (${first.direction} ${inHandOf(first)}, ${last.direction} ${inHandOf(last)}): neither peer reads before its own bytes are taken${told.length === 0 ? '' : `; ${told.join(', ')}`}`,
    ...(isOpen || queues.length < 2 ? UNSURE : {}),
  };
}

function inHandOf({ pos, cap }: DirectionPicture): number {
  return cap - pos;
}

const UNSURE: Pick<Report, 'confidence' | 'readings'> = {
  confidence: 'likely',
  readings: [
    { class: 'dead-peer', why: 'two peers that have stopped reading, each for a reason of its own, look the same' },
  ],
};
