import type { RecorderOptions } from './recorder.ts';

let wish: RecorderOptions | null = null;

/**
 * Has an ambient recorder made as soon as the first copy asks for one, so that whoever records on suspicion pays nothing
 * where no copy runs: not even for loading the recorder.
 */
export function wishForRecorder(options: RecorderOptions): void {
  wish = options;
}

/** What was wished for, once. */
export function takeWish(): RecorderOptions | null {
  const taken = wish;
  wish = null;
  return taken;
}
