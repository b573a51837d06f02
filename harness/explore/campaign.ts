import { Recorder } from '../../src/trace/recorder.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunResult } from '../sim/run-result.ts';
import { World } from '../sim/world.ts';
import { diagnoseRun } from '../sim/diagnose-run.ts';
import type { CampaignSettings } from './campaign-settings.ts';
import { falseAlarms } from './false-alarms.ts';
import { RandomScenarios } from './random-scenario.ts';
import { failuresOf, type RunFailure } from './run-failure.ts';

/** A run that failed, and how many of its range failed alike. */
export interface FailedRun extends RunFailure {
  /** The first of them. */
  readonly run: number;
  /** The names of its plan's faults, each once, in order. */
  readonly faults: readonly string[];
  count: number;
}

/** What came of the runs `from` … `to` − 1. */
export interface RangeResult {
  readonly from: number;
  readonly to: number;
  readonly failed: readonly FailedRun[];
}

export interface TriedScenario {
  readonly failures: readonly RunFailure[];
  /** Good until the next run; null after an exception. */
  readonly result: RunResult | null;
}

/** Of most runs all. */
const RECORDS = { keptRecords: 2048, ringRecords: 2048 };

/** The runs of a campaign in one thread. What comes of a range depends on nothing but the settings and the range. */
export class Campaign {
  readonly settings: CampaignSettings;
  readonly #scenarios: RandomScenarios;
  #world = new World();
  readonly #recorder: Recorder | null;

  /** Throws DIALECT_UNKNOWN. */
  constructor(settings: CampaignSettings) {
    this.settings = settings;
    this.#recorder = settings.diagnosed === true ? new Recorder(RECORDS) : null;
    this.#scenarios = new RandomScenarios(settings);
  }

  scenario(run: number): Scenario {
    return this.#scenarios.scenario(run);
  }

  /** Runs a scenario, and judges it. */
  try(scenario: Scenario): TriedScenario {
    try {
      const { dialect } = this.settings;
      const recorder = this.#recorder;
      const result = this.#world.run(scenario, { dialect, recorder, beneath: recorder !== null });
      const failures = failuresOf(scenario, result);
      if (recorder !== null && failures.length === 0)
        failures.push(...falseAlarms(scenario, result, diagnoseRun(recorder, dialect, result)));
      return { failures, result };
    } catch (error) {
      // Whatever it is, it is the run's: a campaign reports it and goes on, in a world that has seen nothing of it.
      this.#world = new World();
      const message = error instanceof Error ? error.message : String(error);
      return { failures: [{ what: 'exception', direction: null, message }], result: null };
    }
  }

  range(from: number, to: number): RangeResult {
    const failed = new Map<string, FailedRun>();
    for (let run = from; run < to; run += 1) {
      const scenario = this.#scenarios.scenario(run);
      const [failure] = this.try(scenario).failures;
      if (failure === undefined) continue;
      const faults = [...new Set(scenario.plan.faults.map(({ fault }) => fault))].sort();
      const key = [failure.what, failure.direction, ...faults].join();
      const known = failed.get(key);
      if (known === undefined) failed.set(key, { ...failure, run, faults, count: 1 });
      else known.count += 1;
    }
    return { from, to, failed: [...failed.values()] };
  }
}
