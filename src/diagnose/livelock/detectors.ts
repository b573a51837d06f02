import type { Detector } from '../detector.ts';
import { polledAfterDone } from './polled-after-done.ts';
import { readAfterEof } from './read-after-eof.ts';

/** The detectors of this family, one file each. */
export const livelockDetectors: readonly Detector[] = [polledAfterDone, readAfterEof];
