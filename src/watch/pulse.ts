/**
 * What a watched thread and its watcher share: a few 32-bit words. The watched thread writes, apart from DONE and WRITER.
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
  /** Who writes the trace, a `WriterRole`: whoever is first to set it. */
  WRITER: 5,
} as const;

/** The watchdog as a rule; the program itself if it ends before its watchdog has begun. */
export const WriterRole = { NOBODY: 0, WATCHDOG: 1, PROGRAM: 2 } as const;

export const PULSE_WORDS = 8;

export function makePulse(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(PULSE_WORDS * 4));
}
