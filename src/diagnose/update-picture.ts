import { Kind, SocketState } from '../trace/event-kind.ts';
import type { ConnectionPicture } from './connection-picture.ts';
import type { DirectionPicture } from './direction-picture.ts';
import type { HalfPicture } from './half-picture.ts';
import type { SeenEvent } from './seen-event.ts';

/** Takes an event into the picture of its connection, after all detectors have seen it. */
export function updatePicture(picture: ConnectionPicture, event: SeenEvent): void {
  picture.lastSeq = event.seq;
  picture.lastTickMs = event.kind === Kind.LOOP ? event.lastTickMs : event.tickMs;
  const direction = event.isDown ? picture.bToA : picture.aToB;
  switch (event.kind) {
    case Kind.POLL:
      picture.polls += 1 + event.repeat;
      picture.pollSeq = event.seq;
      picture.pollTickMs = event.tickMs;
      picture.pollTimes = 1 + event.repeat;
      break;
    case Kind.READ:
      place(direction, event);
      read(direction, event);
      break;
    case Kind.WRITE:
      place(direction, event);
      write(direction, event);
      break;
    case Kind.FLUSH:
      place(direction, event);
      called(direction.write, event);
      direction.flushes += 1;
      if (event.n === 0 && !event.hasFailed) direction.flushedSeq = event.seq;
      break;
    case Kind.SHUTDOWN:
      place(direction, event);
      called(direction.write, event);
      direction.shutdowns += 1;
      if (event.n === 0 && !event.hasFailed) direction.shutDownSeq = event.seq;
      break;
    case Kind.LOOP:
      place(direction, event);
      break;
    case Kind.STATE:
      place(direction, event);
      direction.stateSeq = event.seq;
      direction.stateTickMs = event.tickMs;
      break;
    default:
      note(picture.halfOf(event), event);
  }
}

function place(direction: DirectionPicture, event: SeenEvent): void {
  direction.pos = event.pos;
  direction.cap = event.cap;
  direction.readDone = event.readDone;
  direction.needFlush = event.needFlush;
  direction.state = event.state;
}

function read(direction: DirectionPicture, event: SeenEvent): void {
  called(direction.read, event);
  direction.reads += 1;
  if (event.hasFailed || event.isPending || !(event.n >= 0)) return;
  if (event.n === 0) {
    direction.readDone = true;
    direction.readDoneSeq = event.seq;
    return;
  }
  direction.readBytes += event.n;
  direction.gaveSeq = event.seq;
  direction.gaveTickMs = event.tickMs;
}

function write(direction: DirectionPicture, event: SeenEvent): void {
  called(direction.write, event);
  direction.writes += 1;
  if (event.hasFailed || event.isPending || !(event.n > 0)) return;
  direction.writtenBytes += event.n;
  direction.tookSeq = event.seq;
  direction.tookTickMs = event.tickMs;
  direction.needFlush = true;
}

/** A call of the copy's: what happened within it has been told before it, and begins anew. */
function called(half: HalfPicture, event: SeenEvent): void {
  const isPending = event.isPending;
  if (isPending && !half.isPending) {
    half.pendingSinceSeq = event.seq;
    half.pendingSinceTickMs = event.tickMs;
  }
  half.calls += 1;
  half.lastKind = event.kind;
  half.lastSeq = event.seq;
  half.lastTickMs = event.tickMs;
  half.lastN = event.n;
  half.lastOffered = event.offered;
  half.isPending = isPending;
  half.registeredInCallSeq = -1;
  half.innerCalls = 0;
  half.innerPendings = 0;
  half.innerReadies = 0;
  half.innerFailures = 0;
  half.innerBytes = 0;
  half.ledgerBefore = half.ledger;
}

function note(half: HalfPicture, event: SeenEvent): void {
  switch (event.kind) {
    case Kind.REGISTER:
      half.registeredInCallSeq = event.seq;
      half.registeredSeq = event.seq;
      half.slot = event.n;
      break;
    case Kind.WAKE:
      half.wokenSeq = event.seq;
      half.wakes += 1;
      break;
    case Kind.INNER_READ:
    case Kind.INNER_WRITE:
    case Kind.INNER_FLUSH:
    case Kind.INNER_SHUTDOWN:
      inner(half, event);
      break;
    case Kind.LEDGER:
      half.ledger = event.n;
      half.ledgerSeq = event.seq;
      break;
    case Kind.QUEUE:
      half.queue = event.n;
      half.queueMark = event.offered;
      half.queueSeq = event.seq;
      break;
    case Kind.SOCKET:
      socket(half, event);
      break;
    case Kind.CREDIT:
      half.creditWindow = event.n;
      half.creditOwed = event.offered;
      half.creditSeq = event.seq;
      break;
    case Kind.BLOCKED:
      half.blockedOn = event.n;
      half.blockedSeq = event.seq;
      break;
    default:
  }
}

function inner(half: HalfPicture, event: SeenEvent): void {
  half.hasInner = true;
  half.innerCalls += 1;
  half.innerSeq = event.seq;
  if (event.hasFailed) {
    half.innerFailures += 1;
    half.innerFailedSeq = event.seq;
  } else if (event.isPending) half.innerPendings += 1;
  else {
    half.innerReadies += 1;
    if (event.kind === Kind.INNER_READ && event.n === 0) {
      half.innerEndSeq = event.seq;
    } else if (event.n > 0) {
      half.innerBytes += event.n;
      half.innerMovedSeq = event.seq;
    }
  }
}

function socket(half: HalfPicture, event: SeenEvent): void {
  const { seq } = event;
  switch (event.n) {
    case SocketState.READABLE:
      half.readableSeq = seq;
      half.readableBytes = event.offered;
      break;
    case SocketState.WRITABLE:
      half.writableSeq = seq;
      break;
    case SocketState.ENDED:
      half.endedSeq = seq;
      half.endedTickMs = event.tickMs;
      break;
    case SocketState.CLOSED:
      half.closedSeq = seq;
      break;
    case SocketState.FAILED:
      half.failedSeq = seq;
      break;
    case SocketState.ASKED:
      half.askedSeq = seq;
      break;
    case SocketState.ANSWERED:
      half.answeredSeq = seq;
      break;
    case SocketState.END_SENT:
      half.endSentSeq = seq;
      break;
    default:
  }
}
