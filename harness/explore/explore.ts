import { Worker } from 'node:worker_threads';
import { InvariantError } from '../../src/errors.ts';
import type { Clock } from '../../src/poll/clock.ts';
import { siblingModule } from '../../src/sibling-module.ts';
import { Campaign, type RangeResult } from './campaign.ts';
import type { CampaignSettings } from './campaign-settings.ts';
import type { Range } from './explore-worker.ts';
import { Findings } from './findings.ts';

/** So many runs are handed to a thread at a time: some tens of milliseconds, after which it can be stopped. */
export const RANGE_RUNS = 1000;

/** A thread that is so many ranges ahead of the slowest waits for it: their findings are added in order. */
const MAX_RANGES_AHEAD = 1000;

export interface ExploreOptions {
  readonly settings: CampaignSettings;
  /** Number of the first run. */
  readonly from: number;
  /** How many; Infinity: until the time is over, or the signal comes. */
  readonly runs: number;
  /** No range is begun after so long. Infinity: no limit. */
  readonly timeMs: number;
  /** Threads. */
  readonly workers: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** Ends the campaign at once, with what it has found by then: the ranges under way are given up. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ExploreProgress) => void;
}

export interface ExploreProgress {
  readonly runs: number;
  readonly elapsedMs: number;
  readonly findings: Findings;
}

/**
 * Makes the runs of a campaign in several threads. Their findings are put together in the order of the runs: the same
 * settings and number of runs give the same findings, however many threads there are.
 */
export async function explore(options: ExploreOptions): Promise<ExploreProgress> {
  const { settings, from, runs, timeMs, clock, signal, onProgress } = options;
  const findings = new Findings(new Campaign(settings), options.versions);
  const startMs = clock.nowMs();
  const end = from + runs;
  /** The next range to be handed out, and the next to be added. */
  let next = from;
  let due = from;
  let made = 0;
  const early = new Map<number, RangeResult>();
  const progress = (): ExploreProgress => ({ runs: made, elapsedMs: clock.nowMs() - startMs, findings });

  const paused: (() => void)[] = [];
  const take = (): Range | null => {
    if (next >= end || signal.aborted || clock.nowMs() - startMs >= timeMs) return null;
    const range = { from: next, to: Math.min(end, next + RANGE_RUNS) };
    next = range.to;
    return range;
  };
  const addNow = (result: RangeResult): void => {
    early.delete(result.from);
    findings.add(result);
    made += result.to - result.from;
    due = result.to;
  };
  const add = (result: RangeResult): void => {
    early.set(result.from, result);
    for (let one = early.get(due); one !== undefined; one = early.get(due)) addNow(one);
    onProgress?.(progress());
  };
  const threads = Math.max(1, Math.min(options.workers, Math.ceil(runs / RANGE_RUNS)));
  const turn = (give: () => void): void => {
    if (early.size >= MAX_RANGES_AHEAD) {
      paused.push(give);
      return;
    }
    give();
    for (const other of paused.splice(0)) other();
  };
  await Promise.all(Array.from({ length: threads }, () => runThread(settings, { take, add, turn }, signal)));
  // After a stop: those before them were given up.
  for (const result of [...early.values()].sort((x, y) => x.from - y.from)) addNow(result);
  return progress();
}

interface Rounds {
  /** Null: there is none left. */
  readonly take: () => Range | null;
  readonly add: (result: RangeResult) => void;
  /** Calls back at once, or when the slowest thread has come after. */
  readonly turn: (give: () => void) => void;
}

/** One thread, from its start until there is no range left for it. */
async function runThread(settings: CampaignSettings, { take, add, turn }: Rounds, signal: AbortSignal): Promise<void> {
  const worker = new Worker(siblingModule(import.meta.url, 'explore-worker'), { workerData: settings });
  let stop = (): void => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      stop = resolve;
      signal.addEventListener('abort', stop);
      const give = (): void => {
        const range = take();
        if (range === null) resolve();
        else worker.postMessage(range);
      };
      worker.on('message', (result: RangeResult) => {
        try {
          add(result);
          turn(give);
        } catch (error) {
          reject(error instanceof Error ? error : new InvariantError(String(error)));
        }
      });
      worker.on('error', reject);
      worker.on('exit', (code) => {
        reject(new InvariantError(`A thread of the campaign ended by itself, with code ${code}`));
      });
      give();
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
