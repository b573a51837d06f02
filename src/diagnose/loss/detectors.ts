import type { Detector } from '../detector.ts';
import { discardedAtClose } from './discarded-at-close.ts';

/** The detectors of this family, one file each. */
export const lossDetectors: readonly Detector[] = [discardedAtClose];
