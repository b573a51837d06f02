import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { systemClock } from '../../src/poll/clock.ts';

/** What one run of a program took. */
export interface TimedRun {
  /** Until the first byte of its output, and until its end: milliseconds from before it was started. */
  readonly firstByteMs: number;
  readonly endMs: number;
  /** What it wrote to fd 3, if it did. */
  readonly report: string;
}

/** Runs a program to its end; its output is read and thrown away. Throws if it ends otherwise than with `expectedCode`. */
export async function timedRun(
  command: string,
  args: readonly string[],
  signal: AbortSignal,
  expectedCode = 0,
): Promise<TimedRun> {
  const startMs = systemClock.nowMs();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit', 'pipe'], signal });
  let firstByteMs = Number.NaN;
  // With 'pipe' in second and fourth place there are streams.
  child.stdout?.on('data', () => {
    if (Number.isNaN(firstByteMs)) firstByteMs = systemClock.nowMs() - startMs;
  });
  let report = '';
  (child.stdio[3] as NodeJS.ReadableStream).on('data', (bytes: Buffer) => {
    report += String(bytes);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== expectedCode) throw new Error(`${command} ended with ${code ?? child.signalCode}`);
  return { firstByteMs, endMs: systemClock.nowMs() - startMs, report };
}
