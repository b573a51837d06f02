import type { Detector } from '../detector.ts';
import { directionStarved } from './direction-starved.ts';
import { idleWakes } from './idle-wakes.ts';
import { neverYields } from './never-yields.ts';
import { polledAfterDone } from './polled-after-done.ts';
import { readAfterEof } from './read-after-eof.ts';

/** The detectors of this family, one file each. */
export const livelockDetectors: readonly Detector[] = [
  directionStarved,
  idleWakes,
  neverYields,
  polledAfterDone,
  readAfterEof,
];
