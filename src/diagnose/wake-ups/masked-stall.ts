import { halfIndex } from '../half-place.ts';
import { Kind, SocketState } from '../../trace/event-kind.ts';
import type { ConnectionPicture } from '../connection-picture.ts';
import type { ConnectionDetector, Detector, Reporter } from '../detector.ts';
import type { Report } from '../finding.ts';
import { NONE, type HalfPicture } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';
import { callName, nameOf, otherWokenSeq } from './halves.ts';
import { hasRegistered, isWholeCall, tellsRegistrations } from './registration.ts';

/**
 * A half that goes on after a Pending because somebody else was woken. Any wake polls all halves, so that alone is nothing:
 * its own wake may have been under way. It counts where no wake could come (nobody was registered), where what it waited
 * for had been there for long, and where it is so each time.
 */
export const maskedStall: Detector = {
  classes: ['masked-stall', 'close-does-not-wake'],
  kinds: [Kind.READ, Kind.WRITE, Kind.FLUSH, Kind.SHUTDOWN, Kind.SOCKET],
  open: (picture, report) => new MaskedStall(picture, report),
};

/** A wake that has not come for so long is not under way: a busy event loop is late by less. */
const STALL_MS = 1000;
/** Once is chance; so often, with not one wake of its own, is none. */
const HEALS = 3;

/** What is kept of one half. */
class Wait {
  /** The registration of its latest Pending call; NONE: it has made none. */
  registeredSeq = NONE;
  /** The latest Pending call has registered nobody, and the trace would tell if it had. */
  hasForgotten = false;
  /** The first event since it has registered that shows that it could go on. */
  readySeq = NONE;
  readyTickMs = 0;
  /** What that event told was the end of its connection. */
  isOver = false;
  /** How often others have made it go on, without a wake of its own in between. */
  heals = 0;
  firstHealTickMs = 0;
  wakesAtFirst = 0;
}

class MaskedStall implements ConnectionDetector {
  readonly #picture: ConnectionPicture;
  readonly #report: Reporter;
  readonly #waits = [new Wait(), new Wait(), new Wait(), new Wait()];

  constructor(picture: ConnectionPicture, report: Reporter) {
    this.#picture = picture;
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    const half = this.#picture.halfOf(event);
    if (event.kind === Kind.SOCKET) this.#socket(event, half);
    else if (event.isPending) this.#pending(event, half);
    // Most calls follow one that was Ready.
    else if (half.isPending) this.#goesOn(event, half);
  }

  #socket({ n, seq, tickMs }: SeenEvent, half: HalfPicture, wait = this.#waitOf(half)): void {
    const isOver = n === SocketState.ENDED || n === SocketState.CLOSED || n === SocketState.FAILED;
    if (!isOver && n !== SocketState.WOKE && n !== SocketState.READABLE && n !== SocketState.WRITABLE) return;
    if (wait.readySeq > half.registeredSeq) return;
    wait.isOver = isOver;
    wait.readySeq = seq;
    wait.readyTickMs = tickMs;
  }

  #waitOf(half: HalfPicture): Wait {
    const { aToB, bToA } = this.#picture;
    const index = half === aToB.read ? 0 : half === aToB.write ? 1 : half === bToA.read ? 2 : 3;
    return this.#waits[index] ?? new Wait();
  }

  #pending(event: SeenEvent, half: HalfPicture): void {
    const picture = this.#picture;
    const wait = this.#waits[halfIndex(event)];
    if (wait === undefined) return;
    const isRegistered = hasRegistered(picture, half);
    wait.registeredSeq = isRegistered ? half.registeredInCallSeq : NONE;
    wait.hasForgotten = !isRegistered && isWholeCall(picture, half) && tellsRegistrations(picture);
  }

  #goesOn(event: SeenEvent, half: HalfPicture): void {
    const picture = this.#picture;
    const wait = this.#waits[halfIndex(event)];
    // In the same poll it was asked twice, and something has come in between: no wake was needed.
    if (wait === undefined || picture.pollSeq < half.lastSeq || picture.gapSeq > half.lastSeq) return;
    if (wait.hasForgotten) {
      this.#report(forgotten(event, half, picture.pollSeq));
      return;
    }
    if (wait.registeredSeq === NONE || half.wokenSeq > wait.registeredSeq) {
      wait.heals = 0;
      return;
    }
    const healerSeq = otherWokenSeq(picture, half);
    if (healerSeq < half.lastSeq) return;
    const lateMs = event.tickMs - wait.readyTickMs;
    if (wait.readySeq > wait.registeredSeq && lateMs >= STALL_MS)
      this.#report(overdue(event, wait, lateMs, [half.lastSeq, wait.readySeq, healerSeq]));
    else if (!event.hasFailed) this.#count(event, half, wait, healerSeq);
  }

  #count(event: SeenEvent, half: HalfPicture, wait: Wait, healerSeq: number): void {
    if (wait.heals === 0 || half.wakes !== wait.wakesAtFirst) {
      wait.heals = 0;
      wait.firstHealTickMs = event.tickMs;
      wait.wakesAtFirst = half.wakes;
    }
    wait.heals += 1;
    if (wait.heals < HEALS || event.tickMs - wait.firstHealTickMs < STALL_MS) return;
    this.#report(again(event, wait.heals, [half.lastSeq, healerSeq]));
  }
}

function forgotten(event: SeenEvent, half: HalfPicture, pollSeq: number): Report {
  const who = nameOf(event);
  return {
    class: 'masked-stall',
    direction: event.direction,
    half: event.half,
    seq: event.seq,
    events: [half.lastSeq, pollSeq],
    numbers: { waitedMs: event.tickMs - half.lastTickMs },
    meaning: `A ${callName(event.kind)} went on after a Pending of which nobody was to be told: ${who} was asked again only because the copy was polled for something else`,
  };
}

function overdue(event: SeenEvent, wait: Wait, lateMs: number, events: readonly number[]): Report {
  const who = nameOf(event);
  const said = wait.isOver
    ? `The connection of ${who} was over for ${lateMs} ms, and its waker was not called: it has heard of it`
    : `What ${who} waited for was there for ${lateMs} ms, and its waker was not called: a ${callName(event.kind)} went on`;
  return {
    class: wait.isOver ? 'close-does-not-wake' : 'masked-stall',
    direction: event.direction,
    half: event.half,
    seq: event.seq,
    events,
    numbers: { lateMs, readySeq: wait.readySeq },
    meaning: `${said} only because another half was woken`,
  };
}

function again(event: SeenEvent, times: number, events: readonly number[]): Report {
  const who = nameOf(event);
  return {
    class: 'masked-stall',
    direction: event.direction,
    half: event.half,
    seq: event.seq,
    events,
    numbers: { times },
    meaning: `${times} times in a row ${who} went on only because another half was woken, and its own waker was never called: without the other's traffic it would stand still`,
    confidence: 'likely',
  };
}
