import type { Detector } from '../detector.ts';
import { controlFrameCoupling } from './control-frame-coupling.ts';
import { creditLeak } from './credit-leak.ts';
import { mutualWriteDeadlock } from './mutual-write-deadlock.ts';
import { noBackpressure } from './no-backpressure.ts';

/** The detectors of this family, one file each. */
export const backPressureDetectors: readonly Detector[] = [
  mutualWriteDeadlock,
  controlFrameCoupling,
  creditLeak,
  noBackpressure,
];
