import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { siblingModule } from '../../src/sibling-module.ts';
import { readTrace } from './support/read-trace.ts';
import { scratch } from './support/scratch.ts';

/**
 * A measurement, not a proof: the thread that writes must get the processor. So the median is held to the promise, and
 * the worst to ten times that.
 */
const ROUNDS = 20;
const PROMISED_MS = 5;

/** How old the latest record of the trace was when its process was killed, in milliseconds. */
async function lostMs(): Promise<number> {
  const path = join(scratch(), 'killed.trace');
  const program = siblingModule(import.meta.url, 'support/killed-program').pathname;
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, [program, path], (error, stdout) => {
      if (error?.signal === 'SIGKILL') resolve(stdout);
      else reject(error ?? new Error('expected SIGKILL'));
    });
  });
  const last = (await readTrace(path)).events.at(-1)?.n;
  if (typeof last !== 'number') throw new Error('expected a time in the last record');
  return (Number(output) - last) / 1000;
}

test('a trace survives SIGKILL up to the last five milliseconds', async () => {
  const lost: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) lost.push(await lostMs());
  lost.sort((x, y) => x - y);
  const [least, median, most] = [lost[0], lost[ROUNDS / 2], lost.at(-1)].map((ms = 0) => Math.round(ms * 10) / 10);
  process.stdout.write(`lost before SIGKILL: median ${median} ms, ${least} .. ${most} ms\n`);
  expect(median).toBeLessThanOrEqual(PROMISED_MS);
  expect(most).toBeLessThanOrEqual(10 * PROMISED_MS);
});
