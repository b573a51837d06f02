/**
 * What a watched thread and its watcher share: a few 32-bit words. The watched thread writes, apart from DONE.
 */
export const Pulse = {
  /** How many pings its event loop has answered. */
  HEART: 0,
  /** How often a microtask ran that the watcher had queued while it held the thread. */
  MICROTASKS: 1,
  /** Its thread id for the kernel, 0 where that is not known. */
  TID: 2,
  /** 1 while its inspector listens: somebody may debug it. */
  DEBUGGER: 3,
  /** 1 once the watcher has written all there is, and ends. */
  DONE: 4,
} as const;

export const PULSE_WORDS = 8;

export function makePulse(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(PULSE_WORDS * 4));
}
