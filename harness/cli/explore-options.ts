import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { resolveDialect } from '../../src/copy/dialect.ts';
import { benignFaults, isHostile, pollFaults, type CampaignSettings } from '../explore/campaign-settings.ts';
import { sliceOf } from '../ci/shard.ts';
import { CI_OPTIONS, ciOptions, type CiOptions } from './ci-options.ts';
import type { Io } from './command.ts';
import { integerOption, parseOptions } from './parse-options.ts';
import { UsageError } from './usage-error.ts';

const DEFAULT_RUNS = 100_000;
const MAX_RUNS = 1_000_000_000;
const MAX_SECONDS = 1_000_000;
const MAX_WORKERS = 256;
/** Where nobody waits for it, nobody ends it. */
const CI_BUDGET_MS = 30 * 60_000;
/** Short enough to be typed again. */
const RANDOM_SEEDS = 0x40000000;

/** What `relayscope explore` was asked for. */
export interface ExploreCommandOptions {
  readonly settings: CampaignSettings;
  readonly from: number;
  readonly runs: number;
  readonly timeMs: number;
  readonly workers: number;
  readonly folder: string;
  readonly asScenario: boolean;
  /** Documents that are there already are replaced. */
  readonly force: boolean;
  /** The scenario of this file is made small, and nothing else is done. */
  readonly minimise: string | null;
  readonly planted: boolean;
  readonly json: boolean;
  /** `from` and `runs` are those of its shard, if it has one; its budget is never null. */
  readonly ci: CiOptions & { readonly budgetMs: number };
}

/** Throws a UsageError for what makes no sense. */
export function exploreOptions(args: readonly string[], env: Io['env']): ExploreCommandOptions {
  const { values, positionals } = parseOptions(args, {
    runs: { type: 'string' },
    time: { type: 'string' },
    from: { type: 'string' },
    seed: { type: 'string' },
    faults: { type: 'string' },
    dialect: { type: 'string' },
    workers: { type: 'string' },
    capsules: { type: 'string' },
    'as-scenario': { type: 'boolean' },
    force: { type: 'boolean' },
    minimise: { type: 'string' },
    planted: { type: 'boolean' },
    diagnose: { type: 'boolean' },
    json: { type: 'boolean' },
    ...CI_OPTIONS,
  });
  const [surplus] = positionals;
  if (surplus !== undefined)
    throw new UsageError(`Unknown argument: expected options only, got ${JSON.stringify(surplus)}`);
  const number = (name: 'runs' | 'time' | 'from' | 'workers', least: number, most: number): number | undefined => {
    const text = values[name];
    return text === undefined ? undefined : integerOption(name, text, least, most);
  };
  const seconds = number('time', 1, MAX_SECONDS);
  const dialect = values.dialect ?? 'checked';
  resolveDialect(dialect);
  const planted = values.planted ?? false;
  const diagnosed = values.diagnose ?? false;
  const ci = ciOptions(values, env);
  if (planted || values.minimise !== undefined) refuseCi(ci, planted ? 'planted' : 'minimise');
  const all = {
    from: number('from', 0, MAX_RUNS) ?? 0,
    // Who gives a time wants it used.
    runs: number('runs', 1, MAX_RUNS) ?? (seconds === undefined ? DEFAULT_RUNS : Infinity),
  };
  if (ci.shard !== null && all.runs === Infinity)
    throw new UsageError('No number of runs to be shared out: expected --runs N with --shard');
  if (ci.shard !== null && values.seed === undefined)
    throw new UsageError('No seed: expected --seed N with --shard, the same for all parts');
  return {
    settings: {
      seed: seedOf(values.seed, env, planted || values.minimise !== undefined),
      dialect,
      faults: diagnosed ? healthy(faultsOf(values.faults ?? 'benign')) : faultsOf(values.faults ?? 'benign'),
      ...(diagnosed ? { diagnosed } : {}),
    },
    ...(ci.shard === null ? all : sliceOf(all, ci.shard)),
    timeMs: seconds === undefined ? Infinity : seconds * 1000,
    workers: number('workers', 1, MAX_WORKERS) ?? availableParallelism(),
    folder: values.capsules ?? 'capsules',
    asScenario: values['as-scenario'] ?? false,
    force: values.force ?? false,
    minimise: values.minimise ?? null,
    planted,
    json: values.json ?? false,
    ci: { ...ci, budgetMs: ci.budgetMs ?? ((env['CI'] ?? '') === '' ? Infinity : CI_BUDGET_MS) },
  };
}

/** What has no runs of its own has nothing to share out or to report. */
function refuseCi({ shard, budgetMs, junit }: CiOptions, name: string): void {
  const given = { shard, budget: budgetMs, junit };
  const surplus = Object.entries(given).find(([, value]) => value !== null)?.[0];
  if (surplus !== undefined) throw new UsageError(`No campaign: give either --${name} or --${surplus}, not both`);
}

/** A failure in CI has to be the same when it is looked into: a campaign without a seed is refused there. */
function seedOf(text: string | undefined, env: Io['env'], needsNone: boolean): number {
  if (text !== undefined) return integerOption('seed', text, 0, Number.MAX_SAFE_INTEGER);
  if (needsNone) return 1;
  if ((env['CI'] ?? '') !== '') throw new UsageError('No seed: expected --seed N, since CI is set');
  return randomInt(1, RANDOM_SEEDS);
}

/** With a hostile fault a finding would be right. */
function healthy(names: string[]): string[] {
  const hostile = names.find((name) => isHostile([name]));
  if (hostile === undefined) return names;
  throw new UsageError(`Wrong faults for --diagnose: expected benign ones, got ${JSON.stringify(hostile)}`);
}

function faultsOf(text: string): string[] {
  const all = pollFaults().map(({ name }) => name);
  if (text === 'benign') return benignFaults();
  if (text === 'all') return all;
  if (text === 'none') return [];
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(
      `Unknown fault in --faults: expected benign, all, none, or names under poll in relayscope list faults, got ${JSON.stringify(unknown)}`,
    );
  }
  return names;
}
