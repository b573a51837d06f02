import type { Ending } from '../../../src/diagnose/detector.ts';
import type { RunResult } from '../../sim/run-result.ts';
import { causesOf } from './judge-copy.ts';
import type { Judged } from './judged.ts';

/** What a run in memory says of itself, without its trace. */
export function runOutcome(result: RunResult): Omit<Judged, 'trace' | 'tracePath' | 'repeat' | 'complaints'> {
  const { outcome, direction, error, counts, delivered, polls } = result;
  return {
    what: 'a run in memory',
    outcome,
    direction: direction ?? error?.details.direction ?? null,
    message: error?.message ?? `After ${polls} ${polls === 1 ? 'poll' : 'polls'}`,
    code: error?.code ?? null,
    causes: error === null ? [] : causesOf(error),
    counts,
    delivered,
    waits: waitTexts(result),
  };
}

/** How its connection ended, for a diagnosis. */
export function runEnding({ outcome, direction, error, elapsedMs }: RunResult): Partial<Ending> {
  return {
    outcome,
    atMs: elapsedMs,
    isForGood: outcome === 'parked',
    ...(direction === null ? {} : { direction }),
    ...(error === null ? {} : { code: error.code }),
  };
}

function waitTexts({ waits }: RunResult): string[] {
  return waits.map(
    ({ direction, half, waker }) => `${direction} waits to ${half}${waker ? '' : ', and nobody is to wake it'}`,
  );
}
