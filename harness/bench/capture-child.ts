import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { systemClock } from '../../src/poll/clock.ts';
import { siblingModule } from '../../src/sibling-module.ts';
import type { CaptureMeasurement, CaptureVariant } from './capture-variant.ts';

/** Measures one variant in a process of its own. `wholeMs` is from before its start to after its end. */
export async function captureChild(
  variant: CaptureVariant,
  file: string,
  { passes, signal }: { readonly passes: number; readonly signal: AbortSignal },
): Promise<CaptureMeasurement & { readonly wholeMs: number }> {
  const startMs = systemClock.nowMs();
  const told: CaptureMeasurement[] = [];
  const child = fork(siblingModule(import.meta.url, 'capture-process'), [variant, file, String(passes)], {
    execArgv: [],
    signal,
  });
  // The protocol is ours on both sides: capture-process.ts.
  child.on('message', (message) => told.push(message as CaptureMeasurement));
  const [code] = (await once(child, 'exit')) as [number | null];
  const [result] = told;
  if (code !== 0 || result === undefined) throw new Error(`Measuring ${variant} failed: code ${code}`);
  return { ...result, wholeMs: systemClock.nowMs() - startMs };
}

/** Runs `tshark -Y websocket` on a capture, for so long at the most. Null: it is not installed. */
export async function timedTshark(
  file: string,
  { limitMs, signal }: { readonly limitMs: number; readonly signal: AbortSignal },
): Promise<{ readonly ms: number; readonly isWhole: boolean } | null> {
  const startMs = systemClock.nowMs();
  // No names are asked for over the network.
  const child = spawn('tshark', ['-n', '-r', file, '-Y', 'websocket'], {
    stdio: 'ignore',
    signal,
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    const ms = systemClock.nowMs() - startMs;
    if (code !== 0 && ms < limitMs) throw new Error(`tshark ended with ${code ?? child.signalCode}`);
    return { ms, isWhole: code === 0 };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
