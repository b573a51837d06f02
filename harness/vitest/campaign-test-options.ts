import { checkOptionNames, type OptionNames } from '../check-option-names.ts';
import { RelayscopeError } from '../../src/errors.ts';
import { resolveDialect } from '../../src/copy/dialect.ts';
import { parseShard, sliceOf } from '../ci/shard.ts';
import { benignFaults, pollFaults, type CampaignSettings } from '../explore/campaign-settings.ts';
import { thousands } from '../report/format-number.ts';

const BUDGET_MS = 60_000;
const MAX_WORKERS = 256;

/** What a campaign is made of. */
export interface CampaignTestOptions {
  /** Where all chance comes from: there is no default, for a failure has to be the same when it is looked into. */
  readonly seed: number;
  /** How many, of all parts together. */
  readonly runs: number;
  /** `2/4`: the second of four parts of the runs. Default: all. */
  readonly part?: string;
  /** Number of the first run. Default: 0. */
  readonly from?: number;
  /** Default: `checked`. */
  readonly dialect?: string;
  /** Names of faults of the poll level; `benign`: what a correct copy has to come through whole. Default: `benign`. */
  readonly faults?: 'benign' | 'all' | 'none' | readonly string[];
  /** A finding in a run that is as it should be is a failure, too. Benign faults only. Default: false. */
  readonly diagnosed?: boolean;
  /** It is ended after so long, and fails. Infinity: never. Default: 60,000. */
  readonly budgetMs?: number;
  /** Threads of this test. Default: 1, for tests run beside each other already. */
  readonly workers?: number;
  /** Where capsules go, from the project's root. Default: `capsules`. */
  readonly capsules?: string;
}

const OPTIONS: OptionNames<CampaignTestOptions> = {
  seed: true,
  runs: true,
  part: true,
  from: true,
  dialect: true,
  faults: true,
  diagnosed: true,
  budgetMs: true,
  workers: true,
  capsules: true,
};

/** The same, checked, as far as this part of it goes. */
export interface Campaign {
  readonly name: string;
  readonly settings: CampaignSettings;
  readonly from: number;
  readonly runs: number;
  readonly budgetMs: number;
  readonly workers: number;
  readonly capsules: string;
}

/** Throws CAMPAIGN_OPTION_INVALID, DIALECT_UNKNOWN. */
export function checkCampaign(options: CampaignTestOptions): Campaign {
  checkOptionNames('CAMPAIGN_OPTION_INVALID', 'a campaign', options, OPTIONS);
  const { seed, runs, part = '1/1', from = 0, dialect = 'checked', budgetMs = BUDGET_MS, workers = 1 } = options;
  whole('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  whole('runs', runs, 1, Number.MAX_SAFE_INTEGER);
  whole('from', from, 0, Number.MAX_SAFE_INTEGER - runs);
  whole('workers', workers, 1, MAX_WORKERS);
  if (!(budgetMs > 0)) throw invalid('budgetMs', 'a number of milliseconds above 0', budgetMs);
  resolveDialect(dialect);
  const shard = parseShard(part);
  if (shard === null) throw invalid('part', "a text such as '1/4', from 1 to 4", part);
  const slice = sliceOf({ from, runs }, shard);
  const last = slice.runs === 0 ? 'none' : `${thousands(slice.from)} to ${thousands(slice.from + slice.runs - 1)}`;
  return {
    name: `campaign ${dialect}, seed ${seed}, runs ${last}`,
    settings: { seed, dialect, ...faultsOf(options) },
    ...slice,
    budgetMs,
    workers,
    capsules: options.capsules ?? 'capsules',
  };
}

function faultsOf({
  faults = 'benign',
  diagnosed = false,
}: CampaignTestOptions): Pick<CampaignSettings, 'faults' | 'diagnosed'> {
  const all = pollFaults().map(({ name }) => name);
  const names = faults === 'benign' ? benignFaults() : faults === 'all' ? all : faults === 'none' ? [] : [...faults];
  const known = diagnosed ? benignFaults() : all;
  const wrong = names.find((name) => !known.includes(name));
  const kind = diagnosed ? 'benign faults, since it is diagnosed' : 'names under poll in relayscope list faults';
  if (wrong !== undefined) throw invalid('faults', kind, wrong);
  return diagnosed ? { faults: names, diagnosed } : { faults: names };
}

function whole(name: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw invalid(name, `a whole number from ${least} to ${most}`, value);
}

function invalid(name: string, expected: string, got: unknown): RelayscopeError {
  const shown = typeof got === 'string' ? JSON.stringify(got) : String(got);
  return new RelayscopeError(
    'CAMPAIGN_OPTION_INVALID',
    `Wrong ${name} of a campaign: expected ${expected}, got ${shown}`,
  );
}
