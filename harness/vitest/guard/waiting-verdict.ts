import type { ConnectionPicture } from '../../../src/diagnose/connection-picture.ts';
import type { DirectionPicture } from '../../../src/diagnose/direction-picture.ts';
import { NONE, type HalfPicture } from '../../../src/diagnose/half-picture.ts';
import type { Verdict } from '../../../src/trace/trace-note.ts';
import { spanOf } from '../../../src/watch/connection-progress.ts';

/** Bytes have moved so lately that the copy is slow at the most. */
const LATELY_MS = 100;
/** Fewer polls than this a second are no livelock: something may poll for a reason, now and then. */
const LEAST_POLLS_PER_SECOND = 100;

/** What a verdict is made of. */
export interface StandingCopy {
  readonly picture: ConnectionPicture;
  readonly idlePolls: number;
  readonly idleSinceMs: number;
  readonly nowMs: number;
}

/** What has become of a copy that has not ended when the test's time is up; null while bytes move. */
export function verdictOf({ picture, idlePolls, idleSinceMs, nowMs }: StandingCopy): Verdict | null {
  const silentMs = Math.round(nowMs - Math.max(idleSinceMs, picture.firstTickMs));
  if (silentMs < LATELY_MS) return null;
  const { connection } = picture;
  const common = { atMs: nowMs, silentMs, connection, where: 'copy' } as const;
  if (idlePolls >= (LEAST_POLLS_PER_SECOND * silentMs) / 1000) {
    const message = `Polls move no byte: ${idlePolls} polls of connection ${connection} in ${spanOf(silentMs)}`;
    return { outcome: 'livelocked', loop: 'event-loop', rounds: idlePolls, message, ...common };
  }
  const forgotten = halvesOf(picture).find(({ half }) => half.isPending && !isRegistered(half));
  if (forgotten === undefined || isWoken(picture)) {
    const message = `Connection ${connection} waits, and no byte has moved for ${spanOf(silentMs)} when the test's time is up`;
    return { outcome: 'parked', message, ...common };
  }
  const { direction, half } = forgotten;
  const message = `Nobody will wake the ${half.half} half of ${direction.direction} of connection ${connection}: it returned Pending without a registered waker`;
  return { outcome: 'parked', message, direction: direction.direction, half: half.half, ...common };
}

/** It holds a waker that has not been called since. */
export function isRegistered({ registeredSeq, wokenSeq }: HalfPicture): boolean {
  return registeredSeq !== NONE && registeredSeq > wokenSeq;
}

const DONE = 2;

/** The halves of the directions that are not done. */
function halvesOf({
  aToB,
  bToA,
}: ConnectionPicture): { readonly direction: DirectionPicture; readonly half: HalfPicture }[] {
  return [aToB, bToA]
    .filter(({ state }) => state !== DONE)
    .flatMap((direction) => [direction.write, direction.read].map((half) => ({ direction, half })));
}

/** A waker was called after the latest poll: the next one is due. */
export function isWoken(picture: ConnectionPicture): boolean {
  return halvesOf(picture).some(({ half }) => half.wokenSeq > picture.pollSeq);
}
