import { systemClock, type Clock } from '../poll/clock.ts';

/** How often the watched thread says that its event loop turns. */
export const BEAT_INTERVAL_MS = 5;

/**
 * Beats into shared memory as long as the event loop of this thread turns. While the thread is frozen in a loop, no
 * timer runs, and whoever watches from another thread sees the count stand still.
 */
export function startHeartbeat(buffer: SharedArrayBuffer, clock: Clock = systemClock): () => void {
  const beats = new Int32Array(buffer);
  let cancel = (): void => undefined;
  const beat = (): void => {
    Atomics.add(beats, 0, 1);
    cancel = clock.after(BEAT_INTERVAL_MS, beat);
  };
  beat();
  return () => {
    cancel();
  };
}
