import { accountingDetectors } from './accounting/detectors.ts';
import { backPressureDetectors } from './back-pressure/detectors.ts';
import type { Detector } from './detector.ts';
import { flushAndShutdownDetectors } from './flush-and-shutdown/detectors.ts';
import { livelockDetectors } from './livelock/detectors.ts';
import { lossDetectors } from './loss/detectors.ts';
import { terminationDetectors } from './termination/detectors.ts';
import { wakeUpsDetectors } from './wake-ups/detectors.ts';

/** Those of all families. */
export const ALL_DETECTORS: readonly Detector[] = [
  ...accountingDetectors,
  ...wakeUpsDetectors,
  ...livelockDetectors,
  ...flushAndShutdownDetectors,
  ...terminationDetectors,
  ...backPressureDetectors,
  ...lossDetectors,
];
