import type { Detector } from '../detector.ts';
import { closeDoesNotWake } from './close-does-not-wake.ts';
import { deferredWakeLost } from './deferred-wake-lost.ts';
import { leftoverNotDrained } from './leftover-not-drained.ts';
import { lostWake } from './lost-wake.ts';
import { maskedStall } from './masked-stall.ts';
import { pendingWithoutWaker } from './pending-without-waker.ts';
import { wakerOverwritten } from './waker-overwritten.ts';

/** The detectors of this family, one file each. */
export const wakeUpsDetectors: readonly Detector[] = [
  pendingWithoutWaker,
  wakerOverwritten,
  lostWake,
  maskedStall,
  leftoverNotDrained,
  closeDoesNotWake,
  deferredWakeLost,
];
