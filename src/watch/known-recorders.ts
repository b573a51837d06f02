import type { Recorder } from '../trace/recorder.ts';

/** Where `relayscope attach` finds the recorders of a program. */
const KEY = Symbol.for('relayscope.recorders');

/**
 * Shows a recorder to whoever attaches to this program, under `globalThis[Symbol.for('relayscope.recorders')]`, a Set.
 * Only those that are watched are shown, so that nothing is held that nobody wants.
 *
 * @returns what takes it away again.
 */
export function showRecorder(recorder: Recorder): () => void {
  // Nobody else has a reason to use this name.
  const place = globalThis as unknown as Record<symbol, Set<Recorder> | undefined>;
  const known = (place[KEY] ??= new Set());
  known.add(recorder);
  return () => {
    known.delete(recorder);
  };
}
