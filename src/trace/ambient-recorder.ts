import { takeWish } from './ambient-wish.ts';
import { Recorder } from './recorder.ts';

/**
 * The recorder of every copy that names none, so that a program need not be changed to be recorded:
 * `relayscope/register` sets it. None at first.
 */
let ambient: Recorder | null = null;

export function ambientRecorder(): Recorder | null {
  if (ambient !== null) return ambient;
  const wish = takeWish();
  if (wish !== null) ambient = new Recorder(wish);
  return ambient;
}

/** @returns what puts back the one before, unless somebody has set another meanwhile. */
export function setAmbientRecorder(recorder: Recorder | null): () => void {
  const before = ambient;
  ambient = recorder;
  return () => {
    if (ambient === recorder) ambient = before;
  };
}
