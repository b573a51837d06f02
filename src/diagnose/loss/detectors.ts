import type { Detector } from '../detector.ts';

/** The detectors of this family, one file each. */
export const lossDetectors: readonly Detector[] = [];
