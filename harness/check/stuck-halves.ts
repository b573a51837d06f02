import { expectLaw } from './breach.ts';
import type { FarEnd } from './far-end.ts';
import { checkHandedOut } from './laws/wakers.ts';
import { checkPassedOn } from './laws/shutdown.ts';
import type { NearEnd } from './near-end.ts';
import type { StreamLaw } from './stream-law.ts';

/** What waits when its half has lost its waker waits for ever, whatever it waits for. */
const LOST_WAKER: readonly StreamLaw[] = ['wakers'];

/**
 * Nothing moves any more, nobody is woken, and a poll changes nothing: throws LawBroken if a half waits for what has come, or
 * if what was said to be done is not.
 */
export function checkStuckHalves(near: NearEnd, far: FarEnd, carriesHalfClose: boolean): void {
  if (near.hasFailed) {
    if (near.readerWaits)
      expectLaw('end', 'pollRead', 'The inner side has failed, and pollRead stays PENDING', LOST_WAKER);
    checkWriter(near, 'The inner side has failed');
    return;
  }
  if (near.readerWaits) {
    expectLaw('wakers', 'pollRead', checkHandedOut(far.flushed, near.received), ['conservation']);
    if (far.endDone && far.written === near.received)
      expectLaw('end', 'pollRead', 'The far end has ended, all has been read, and pollRead stays PENDING', LOST_WAKER);
  }
  if (!far.isHungry && !far.sawEnd) return;
  // What has not arrived by the end is looked at when the case is over.
  if (near.shutdownDone && !far.sawEnd)
    expectLaw(
      'shutdown',
      'pollShutdown',
      checkPassedOn({ taken: near.taken, received: far.received, sawEnd: far.sawEnd }),
    );
  // A shutdown may wait for that of the other end, if the end itself was told; without half-close, in any case.
  const mayWait = near.shutdownWaits && !far.endAsked && (far.sawEnd || !carriesHalfClose);
  if (!mayWait) checkWriter(near, 'The far end has read everything');
}

function checkWriter(near: NearEnd, why: string): void {
  if (!near.writerWaits) return;
  if (near.wantsFlush) expectLaw('flush', 'pollFlush', `${why}, and pollFlush stays PENDING`, LOST_WAKER);
  if (near.shutdownWaits) expectLaw('shutdown', 'pollShutdown', `${why}, and pollShutdown stays PENDING`, LOST_WAKER);
  if (near.shutdownDone)
    expectLaw('shutdown', 'pollWrite', 'A write after the shutdown stays PENDING: expected that it throws', [
      ...LOST_WAKER,
      'back-pressure',
    ]);
  expectLaw('back-pressure', 'pollWrite', `${why}, and pollWrite stays PENDING`, LOST_WAKER);
}
