import type { Recorder } from './recorder.ts';

/**
 * The recorder of every copy that names none, so that a program need not be changed to be recorded:
 * `relayscope/register` sets it. None at first.
 */
let ambient: Recorder | null = null;

export function ambientRecorder(): Recorder | null {
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
