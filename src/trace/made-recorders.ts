import type { Recorder } from './recorder.ts';

type Listener = (recorder: Recorder) => void;

let listener: Listener | null = null;

/** From here on each new recorder of this thread is told to `hear`; to nobody else, and to nobody with null. */
export function hearOfRecorders(hear: Listener | null): void {
  listener = hear;
}

export function recorderMade(recorder: Recorder): void {
  listener?.(recorder);
}
