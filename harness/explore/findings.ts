import type { Scenario } from '../scenario/scenario.ts';
import type { Campaign, FailedRun, RangeResult } from './campaign.ts';
import { capsuleOf } from './capsule.ts';
import { diagnose, type Diagnosed } from './diagnose.ts';
import { minimiseRun } from './minimise-run.ts';
import { failureName, isSame, type RunFailure } from './run-failure.ts';

/** More distinct findings than that are counted, and not kept. */
export const MAX_FINDINGS = 100;

/** One way in which runs failed, by its first run, made small. */
export interface Finding extends RunFailure {
  /** Number of the first run. */
  readonly run: number;
  /** How many runs failed so, as far as they had these faults. */
  count: number;
  /** The names of the faults that it takes, each once, in order. */
  readonly faults: readonly string[];
  /** The smallest scenario that still fails so, with what came out of it as its expectation. */
  readonly capsule: Scenario;
  /** What the trace of that is found to suffer from, as `relayscope why` names it. */
  readonly why: readonly Diagnosed[];
}

/** The findings of a campaign. Ranges are added in their order; the same ranges give the same findings. */
export class Findings {
  readonly list: Finding[] = [];
  /** Runs that failed. */
  failedRuns = 0;
  /** Runs that failed in a way for which there was no room. */
  unkept = 0;
  readonly #campaign: Campaign;
  readonly #versions: Readonly<Record<string, string>>;

  constructor(campaign: Campaign, versions: Readonly<Record<string, string>>) {
    this.#campaign = campaign;
    this.#versions = versions;
  }

  add({ failed }: RangeResult): void {
    for (const one of failed) {
      this.failedRuns += one.count;
      // Whatever has all the faults of a finding, and fails in the same way, is taken to be the same.
      const known = this.list.find((finding) => isSame(finding, one) && includes(one.faults, finding.faults));
      if (known !== undefined) known.count += one.count;
      else if (this.list.length >= MAX_FINDINGS) this.unkept += one.count;
      else this.#addNew(one);
    }
  }

  #addNew(one: FailedRun): void {
    const smallest = minimiseRun(this.#campaign, this.#campaign.scenario(one.run), one);
    const faults = [...new Set(smallest.plan.faults.map(({ fault }) => fault))].sort();
    const known = this.list.find((finding) => isSame(finding, one) && finding.faults.join() === faults.join());
    if (known !== undefined) {
      known.count += one.count;
      return;
    }
    const { failures, result } = this.#campaign.try(smallest);
    const message = failures.find((failure) => isSame(failure, one))?.message ?? one.message;
    const finding = { what: one.what, direction: one.direction, message, run: one.run, faults };
    const title = `${failureName(one)}: run ${one.run} of seed ${this.#campaign.settings.seed}`;
    const why = diagnose(smallest, this.#campaign.settings.dialect);
    const capsule = capsuleOf({ title, scenario: smallest, result, versions: this.#versions, why });
    this.list.push({ ...finding, count: one.count, capsule, why });
  }
}

function includes(all: readonly string[], some: readonly string[]): boolean {
  return some.every((name) => all.includes(name));
}
