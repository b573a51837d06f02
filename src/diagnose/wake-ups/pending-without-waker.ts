import { Kind } from '../../trace/event-kind.ts';
import { sideOf, type ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Ending, Reporter } from '../detector.ts';
import type { Report } from '../finding.ts';
import { NONE, type HalfPicture } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';
import { callName } from './halves.ts';
import { hasRegistered, isWholeCall, tellsRegistrations } from './registration.ts';

/**
 * A call that was Pending and has registered nobody. Where the stream beneath has answered within it, the adapter has taken
 * that answer for its own: what is beneath has no reason to wake anybody. Else the waker was just forgotten.
 */
export const pendingWithoutWaker: Detector = {
  classes: ['pending-without-waker', 'inner-ready-outer-pending'],
  kinds: [Kind.READ, Kind.WRITE, Kind.FLUSH, Kind.SHUTDOWN],
  skipsBytes: true,
  open: (picture, report) => new PendingWithoutWaker(picture, report),
};

/** One for each half: more of the same is only counted. */
const MAX_HELD = 4;

class PendingWithoutWaker implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  /** Until something registers: then the trace tells of registrations, and the lack of one says something. */
  #held: Report[] = [];

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    if (!event.isPending) return;
    const picture = this.#picture;
    const half = picture.halfOf(event);
    if (hasRegistered(picture, half) || !isWholeCall(picture, half)) return;
    const report = reportOf(event, half);
    if (tellsRegistrations(picture)) this.#report(report);
    else if (this.#held.length < MAX_HELD) this.#held.push(report);
  }

  onEnd({ outcome }: Ending): void {
    const picture = this.#picture;
    const held = this.#held;
    this.#held = [];
    if (tellsRegistrations(picture)) held.forEach(this.#report);
    // Nobody has ever registered: of our own copies, which record it, that says as much; of another program's, nothing.
    else if (outcome === 'parked' && picture.pollSeq !== NONE && picture.dialect !== null)
      for (const report of held) this.#report({ ...report, confidence: 'likely' });
  }
}

function reportOf(event: SeenEvent, half: HalfPicture): Report {
  const { seq, direction, kind, offered } = event;
  const { innerReadies, innerFailures, innerPendings, innerBytes, innerSeq } = half;
  const call = callName(kind);
  const who = sideOf(direction, event.half);
  const moves = kind === Kind.READ || kind === Kind.WRITE;
  const common = { direction, half: event.half, seq };
  if (innerPendings > 0 || innerReadies + innerFailures === 0) {
    const beneath = innerPendings > 0 ? ', nor has the stream beneath it, which was Pending too' : '';
    return {
      ...common,
      class: 'pending-without-waker',
      numbers: moves ? { offered } : {},
      meaning: `A ${call} of ${who} was Pending and has registered no waker${beneath}: nobody knows whom to wake when it could go on`,
    };
  }
  const answer = innerReadies === 0 ? 'had failed' : innerBytes > 0 ? `had moved ${innerBytes} bytes` : 'was Ready';
  return {
    ...common,
    class: 'inner-ready-outer-pending',
    events: [innerSeq],
    numbers: { ...(moves ? { offered } : {}), innerBytes },
    meaning: `A ${call} of ${who} was Pending although the stream beneath it ${answer}: who is Ready registers nobody, so that nobody will wake it`,
  };
}
