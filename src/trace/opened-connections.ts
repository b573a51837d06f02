import type { Recorder } from './recorder.ts';

/** Told of each connection that a recorder with the system's clock numbers. Must not throw. */
export type OpenedListener = (recorder: Recorder, connection: number) => void;

let listener: OpenedListener | null = null;

/**
 * Whoever has to know which copies a program starts, whatever recorder each has: the guard of a test run asks whose they
 * are while that can be told. One at a time.
 *
 * @returns what ends it.
 */
export function onConnectionOpened(one: OpenedListener): () => void {
  listener = one;
  return () => {
    if (listener === one) listener = null;
  };
}

export function connectionOpened(recorder: Recorder, connection: number): void {
  listener?.(recorder, connection);
}
