import type { CaptureFacts, Detector, Finding } from './capture-facts.ts';
import { dropped } from './dropped.ts';
import { duplicates } from './duplicates.ts';
import { nothingToFollow } from './nothing-to-follow.ts';
import { offload } from './offload.ts';
import { oneDirection } from './one-direction.ts';
import { snapLength } from './snap-length.ts';
import { startedLate } from './started-late.ts';
import { stoppedEarly } from './stopped-early.ts';

/** In the order in which they are told: what takes most away first. */
const DETECTORS: readonly Detector[] = [
  nothingToFollow,
  oneDirection,
  snapLength,
  dropped,
  startedLate,
  stoppedEarly,
  duplicates,
  offload,
];

/** What is wrong with a capture. */
export function examine(facts: CaptureFacts): Finding[] {
  return DETECTORS.map((detect) => detect(facts)).filter((finding) => finding !== null);
}
