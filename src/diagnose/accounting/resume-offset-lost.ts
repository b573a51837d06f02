import { Kind } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Reporter } from '../detector.ts';
import type { SeenEvent } from '../seen-event.ts';

/**
 * A write is resumed at another place than where it stopped: what a blocked writer had not taken is dropped, or offered twice. The
 * copy itself is to blame, and no stream of it.
 */
export const resumeOffsetLost: Detector = {
  classes: ['resume-offset-lost'],
  kinds: [Kind.READ, Kind.WRITE],
  open: (picture, report) => new ResumeOffsetLost(picture, report),
};

/** Where the next write of a direction has to begin. */
class Resume {
  /** The write that says so; −1: nothing is known. */
  seq = -1;
  pos = 0;
  cap = 0;
  isPending = false;
}

class ResumeOffsetLost implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  readonly #up = new Resume();
  readonly #down = new Resume();

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    const resume = event.isDown ? this.#down : this.#up;
    if (resume.seq !== -1) this.#compare(event, resume);
    if (event.kind === Kind.WRITE) expectAfter(event, resume);
    // A reader that takes bytes back, or counts in no numbers, has moved the buffer's end itself.
    else if (!(event.n >= 0) && !event.isPending) resume.seq = -1;
  }

  #compare(event: SeenEvent, resume: Resume): void {
    const { pos, cap, kind } = event;
    if (this.#picture.gapSeq > resume.seq || !Number.isFinite(pos) || !Number.isFinite(cap)) {
      resume.seq = -1;
      return;
    }
    if (pos === resume.pos && cap >= resume.cap) return;
    // Everything was written: a new buffer begins at 0.
    const isOver = resume.pos === resume.cap;
    if (isOver && (kind === Kind.READ || pos === 0)) return;
    // Who records without a copy's buffer leaves pos and cap at 0, or tells of each write alone.
    const isCopy = this.#picture.dialect !== null;
    const isTold = resume.isPending && (kind === Kind.WRITE ? pos !== resume.pos : pos > resume.pos);
    if (isTold || isCopy) this.#lost(event, resume);
    resume.seq = -1;
  }

  #lost({ seq, direction, pos, cap }: SeenEvent, resume: Resume): void {
    const left = resume.cap - resume.pos;
    const isAgain = pos < resume.pos && cap >= resume.cap;
    const dropped = pos > resume.pos ? pos - resume.pos : left;
    const what = isAgain
      ? `${resume.pos - pos} bytes that it had taken are offered again`
      : `${dropped} bytes that it had not taken are never offered again`;
    const after = resume.isPending ? 'A write that was Pending' : 'A write';
    this.#report({
      class: 'resume-offset-lost',
      direction,
      seq,
      events: [resume.seq],
      numbers: {
        pos: resume.pos,
        cap: resume.cap,
        posAfter: pos,
        capAfter: cap,
        ...(isAgain ? { again: resume.pos - pos } : { dropped }),
      },
      meaning: `${after} left pos ${resume.pos} and cap ${resume.cap}, and the next call found pos ${pos} and cap ${cap}: ${what}`,
    });
  }
}

function expectAfter({ seq, n, pos, cap, offered, isPending, hasFailed, strange }: SeenEvent, resume: Resume): void {
  const isCount = Number.isInteger(n) && n >= 1 && n <= offered;
  // Where an earlier count was no integer, no place is one either.
  if (hasFailed || strange !== null || (!isPending && !isCount) || !(pos < cap) || !Number.isInteger(pos)) {
    resume.seq = -1;
    return;
  }
  resume.seq = seq;
  resume.isPending = isPending;
  resume.pos = isPending ? pos : pos + n;
  resume.cap = cap;
}
