import type { ConnectionPicture } from '../connection-picture.ts';
import { NONE, type HalfPicture } from '../half-picture.ts';

/**
 * Whether the call that is about to be recorded has registered its half. A registration before the poll under way is
 * another's: a copy that yields registers outside of any call.
 */
export function hasRegistered(picture: ConnectionPicture, half: HalfPicture): boolean {
  return half.registeredInCallSeq !== NONE && half.registeredInCallSeq > picture.pollSeq;
}

/** Whether all that the call has done stands in the trace: none of it was before the beginning, or is missing. */
export function isWholeCall({ pollSeq, gapSeq }: ConnectionPicture, half: HalfPicture): boolean {
  return Math.max(pollSeq, half.lastSeq) >= gapSeq;
}

/** Whether the trace tells of registrations at all: one that a wrapper of another program has written may not. */
export function tellsRegistrations({ aToB, bToA }: ConnectionPicture): boolean {
  const halves = [aToB.read, aToB.write, bToA.read, bToA.write];
  return halves.some(({ registeredSeq }) => registeredSeq !== NONE);
}
