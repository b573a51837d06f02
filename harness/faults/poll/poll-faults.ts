import type { PollFault } from '../fault-definition.ts';
import { closeUnheard } from './close-unheard.ts';
import { countFraction } from './count-fraction.ts';
import { countNan } from './count-nan.ts';
import { countNegative } from './count-negative.ts';
import { countString } from './count-string.ts';
import { countUndefined } from './count-undefined.ts';
import { count } from './count.ts';
import { creditLeak } from './credit-leak.ts';
import { dataAfterEnd } from './data-after-end.ts';
import { earlyEnd } from './early-end.ts';
import { earlyBytes } from './early-bytes.ts';
import { emptyRead } from './empty-read.ts';
import { endTwice } from './end-twice.ts';
import { error } from './error.ts';
import { flushFails } from './flush-fails.ts';
import { flushLies } from './flush-lies.ts';
import { flushNeverEnds } from './flush-never-ends.ts';
import { flushNotResumed } from './flush-not-resumed.ts';
import { hangUpLoop } from './hang-up-loop.ts';
import { headerCounted } from './header-counted.ts';
import { heldUntilFlush } from './held-until-flush.ts';
import { innerReadyOuterPending } from './inner-ready-outer-pending.ts';
import { kernelFilter } from './kernel-filter.ts';
import { lateWake } from './late-wake.ts';
import { late } from './late.ts';
import { leftoverKept } from './leftover-kept.ts';
import { needsFlush } from './needs-flush.ts';
import { noEnd } from './no-end.ts';
import { noRoom } from './no-room.ts';
import { partialOverReport } from './partial-over-report.ts';
import { peerSilent } from './peer-silent.ts';
import { pendingWithoutWaker } from './pending-without-waker.ts';
import { readinessCleared } from './readiness-cleared.ts';
import { pongBehindData } from './pong-behind-data.ts';
import { reentrantWake } from './reentrant-wake.ts';
import { retryGrown } from './retry-grown.ts';
import { short } from './short.ts';
import { shutdownBeginsAnew } from './shutdown-begins-anew.ts';
import { shutdownBothWays } from './shutdown-both-ways.ts';
import { shutdownDropsTail } from './shutdown-drops-tail.ts';
import { shutdownFailsAgain } from './shutdown-fails-again.ts';
import { shutdownFails } from './shutdown-fails.ts';
import { shutdownNeverEnds } from './shutdown-never-ends.ts';
import { shutdownNotPassedOn } from './shutdown-not-passed-on.ts';
import { spuriousWake } from './spurious-wake.ts';
import { staleLength } from './stale-length.ts';
import { swallow } from './swallow.ts';
import { takenTwice } from './taken-twice.ts';
import { threadBlocks } from './thread-blocks.ts';
import { takesEverything } from './takes-everything.ts';
import { utf16Length } from './utf16-length.ts';
import { wakeBeforeRegister } from './wake-before-register.ts';
import { wakeStorm } from './wake-storm.ts';
import { wakerOverwritten } from './waker-overwritten.ts';
import { zeroWrite } from './zero-write.ts';

/** The faults that wrap a polled stream, one file each: counts, then what is taken, wakes, reading, flush, shutdown. */
export const POLL_FAULTS: readonly PollFault[] = [
  count,
  headerCounted,
  kernelFilter,
  utf16Length,
  staleLength,
  countUndefined,
  countNan,
  countString,
  countNegative,
  countFraction,
  partialOverReport,
  zeroWrite,
  swallow,
  takenTwice,
  retryGrown,
  takesEverything,
  short,
  late,
  pendingWithoutWaker,
  innerReadyOuterPending,
  wakerOverwritten,
  wakeBeforeRegister,
  readinessCleared,
  closeUnheard,
  spuriousWake,
  lateWake,
  wakeStorm,
  hangUpLoop,
  reentrantWake,
  threadBlocks,
  earlyEnd,
  noEnd,
  peerSilent,
  endTwice,
  dataAfterEnd,
  emptyRead,
  noRoom,
  earlyBytes,
  leftoverKept,
  creditLeak,
  pongBehindData,
  error,
  flushLies,
  flushNeverEnds,
  flushFails,
  flushNotResumed,
  heldUntilFlush,
  needsFlush,
  shutdownNeverEnds,
  shutdownFails,
  shutdownFailsAgain,
  shutdownBeginsAnew,
  shutdownBothWays,
  shutdownDropsTail,
  shutdownNotPassedOn,
];
