import type { RunResult } from './run-result.ts';

/** All that a run came to, as one text. */
export function fingerprint(run: RunResult): string {
  const { outcome, direction, error, counts, delivered, polls, elapsedMs, waits, broken } = run;
  const sinks = [delivered.aToB, delivered.bToA].map((bytes) => Buffer.from(bytes).toString('base64'));
  return JSON.stringify([outcome, direction, error?.message ?? null, counts, sinks, polls, elapsedMs, waits, broken]);
}
