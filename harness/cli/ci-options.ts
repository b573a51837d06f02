import { parseShard, MAX_SHARDS, type Shard } from '../ci/shard.ts';
import { parseTimeSpan } from '../ci/time-span.ts';
import type { Io } from './command.ts';
import { UsageError } from './usage-error.ts';

/** The options of a command that a CI starts, for `parseOptions`. */
export const CI_OPTIONS = {
  shard: { type: 'string' },
  budget: { type: 'string' },
  junit: { type: 'string' },
  github: { type: 'boolean' },
  'no-github': { type: 'boolean' },
} as const;

export interface CiOptions {
  /** Null: all of it. */
  readonly shard: Shard | null;
  /** Null: nothing was said of it. Infinity: none. */
  readonly budgetMs: number | null;
  readonly junit: string | null;
  readonly github: boolean;
}

type CiValues = { readonly [name in keyof typeof CI_OPTIONS]?: string | boolean | undefined };

/** Throws a UsageError for what makes no sense. */
export function ciOptions(values: CiValues, env: Io['env']): CiOptions {
  const { shard, budget, junit, github, 'no-github': noGithub } = values;
  if (github === true && noGithub === true) throw new UsageError('Give either --github or --no-github, not both');
  if (junit === '') throw new UsageError('Wrong value of --junit: expected the name of a file, got ""');
  return {
    shard: typeof shard === 'string' ? shardOption(shard) : null,
    budgetMs: typeof budget === 'string' ? timeOption('budget', budget) : null,
    junit: typeof junit === 'string' ? junit : null,
    github: github === true || (noGithub !== true && env['GITHUB_ACTIONS'] === 'true'),
  };
}

function shardOption(text: string): Shard {
  const shard = parseShard(text);
  if (shard !== null) return shard;
  const expected = `i/n, with i from 1 to n and n up to ${MAX_SHARDS}`;
  throw new UsageError(`Wrong value of --shard: expected ${expected}, got ${JSON.stringify(text)}`);
}

/** An option that is a length of time. */
export function timeOption(name: string, text: string): number {
  const ms = parseTimeSpan(text);
  if (ms !== null) return ms;
  throw new UsageError(
    `Wrong value of --${name}: expected a time such as 90s, 5m or 1h, or off, got ${JSON.stringify(text)}`,
  );
}
