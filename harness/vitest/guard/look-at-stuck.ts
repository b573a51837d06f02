import type { Clock } from '../../../src/poll/clock.ts';
import { within } from '../../../src/watch/inspector-client.ts';
import { Pulse } from '../../../src/watch/pulse.ts';
import { lookAtBlocked } from './look-at-blocked.ts';
import { lookAtSpin } from './look-at-spin.ts';
import { PAUSE_TIMEOUT_MS, type Look, type LookOrder } from './look-order.ts';
import { reportDebugged } from './report-stuck.ts';
import type { StuckThread } from './stuck-thread.ts';

/** Looks into a thread whose event loop has not turned for too long; if it goes round, reports and ends it. */
export async function lookAtStuck(thread: StuckThread, order: LookOrder): Promise<Look> {
  const look = await lookAt(thread, order);
  if (look === 'debugged' && !order.hasToldDebugged && !order.isIdle) reportDebugged(thread.known(), order.silentMs);
  return look;
}

async function lookAt(thread: StuckThread, order: LookOrder): Promise<Look> {
  if (Atomics.load(thread.pulse, Pulse.DEBUGGER) === 1) return debugged(thread, order);
  const { client, close } = await thread.inspect();
  try {
    if (order.isIdle) return await lookAtBlocked(thread, client, order);
    return await lookAtSpin(thread, client, order);
  } finally {
    await close().catch(() => undefined);
  }
}

async function debugged(thread: StuckThread, order: LookOrder): Promise<Look> {
  if (order.silentMs < order.limitMs) return 'waits';
  const isPaused = await isHeldByOther(thread, order.clock);
  if (isPaused) return 'held';
  return order.isQuiet() ? 'debugged' : 'moved';
}

/** A debugger that comes later hears of a pause at once. */
async function isHeldByOther(thread: StuckThread, clock: Clock): Promise<boolean> {
  const { client, close } = await thread.inspect();
  let isHeld = false;
  const stop = client.on('Debugger.paused', () => {
    isHeld = true;
  });
  try {
    await within(client.post('Debugger.enable'), PAUSE_TIMEOUT_MS, clock);
    await within(client.post('Debugger.disable'), PAUSE_TIMEOUT_MS, clock);
  } finally {
    stop();
    await close().catch(() => undefined);
  }
  return isHeld;
}
