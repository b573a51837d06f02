import { systemClock, type Clock } from '../poll/clock.ts';

export interface WatchOptions {
  /** So long without a beat is a freeze. Default: 250 ms, which no loaded but healthy machine was seen to reach. */
  readonly limitMs?: number;
  /** How often to look. Default: 20 ms. */
  readonly intervalMs?: number;
  readonly clock?: Clock;
}

/**
 * Watches another thread's heartbeat, and calls `onFrozen` once, with the milliseconds of silence so far.
 * If this thread itself was late to look (it was suspended, or starved of the processor), the silence may be its own:
 * it begins to wait anew.
 *
 * @returns what ends the watch.
 */
export function watchHeartbeat(
  buffer: SharedArrayBuffer,
  onFrozen: (silentMs: number) => void,
  options: WatchOptions = {},
): () => void {
  const { limitMs = 250, intervalMs = 20, clock = systemClock } = options;
  const beats = new Int32Array(buffer);
  let seen = Atomics.load(beats, 0);
  let lookedMs = clock.nowMs();
  let changedMs = lookedMs;
  const look = (): void => {
    const nowMs = clock.nowMs();
    const count = Atomics.load(beats, 0);
    const late = nowMs - lookedMs > limitMs / 2;
    lookedMs = nowMs;
    if (count !== seen || late) {
      seen = count;
      changedMs = nowMs;
    } else if (nowMs - changedMs > limitMs) {
      onFrozen(nowMs - changedMs);
      return;
    }
    cancel = clock.after(intervalMs, look);
  };
  let cancel = clock.after(intervalMs, look);
  return () => {
    cancel();
  };
}
