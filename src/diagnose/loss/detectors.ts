import type { Detector } from '../detector.ts';
import { bufferDropped } from './buffer-dropped.ts';
import { discardedAtClose } from './discarded-at-close.ts';
import { earlyBytesLost } from './early-bytes-lost.ts';

/** The detectors of this family, one file each. */
export const lossDetectors: readonly Detector[] = [bufferDropped, earlyBytesLost, discardedAtClose];
