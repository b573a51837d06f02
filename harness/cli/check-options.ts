import { readFile } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { RelayscopeError } from '../../src/errors.ts';
import type { InnerKind } from '../check/check-options.ts';
import { parseStreamCase } from '../check/parse-stream-case.ts';
import { STREAM_LAWS, type StreamLaw } from '../check/stream-law.ts';
import { MAX_RUNS, MAX_SEED } from '../check/validate-options.ts';
import type { CheckedModule, CheckFlags } from '../check/worker/check-job.ts';
import { integerOption, parseOptions } from './parse-options.ts';
import { UsageError } from './usage-error.ts';

const INNER: readonly InnerKind[] = ['poll', 'duplex', 'websocket'];
const DEFAULT_TIMEOUT_MS = 2000;
const LEAST_TIMEOUT_MS = 50;
const MOST_TIMEOUT_MS = 600_000;

/** What `relayscope check` was asked for. */
export interface CheckCommandOptions {
  readonly adapter: CheckedModule;
  readonly peer: CheckedModule | null;
  readonly flags: CheckFlags;
  readonly timeoutMs: number;
  /** Where the reproduction goes. */
  readonly save: string | null;
  readonly force: boolean;
  readonly json: boolean;
}

/** Throws a UsageError for what makes no sense, CHECK_CASE_UNREADABLE, CHECK_CASE_MALFORMED. */
export async function checkOptions(args: readonly string[]): Promise<CheckCommandOptions> {
  const { values, positionals } = parseOptions(args, {
    export: { type: 'string' },
    inner: { type: 'string' },
    peer: { type: 'string' },
    'peer-export': { type: 'string' },
    'no-half-close': { type: 'boolean' },
    law: { type: 'string', multiple: true },
    seed: { type: 'string' },
    runs: { type: 'string' },
    case: { type: 'string' },
    timeout: { type: 'string' },
    save: { type: 'string' },
    force: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0)
    throw new UsageError(`Expected one module, such as ./my-adapter.ts, got ${positionals.length}`);
  const { inner, save = null, seed, runs, timeout } = values;
  if (inner !== undefined && !isInner(inner))
    throw new UsageError(`Wrong value of --inner: expected ${INNER.join(', ')}, got ${JSON.stringify(inner)}`);
  if (values.peer === undefined && values['peer-export'] !== undefined)
    throw new UsageError('Nothing to export: expected --peer FILE with --peer-export');
  const laws = values.law?.map(lawOf);
  return {
    adapter: moduleOf(file, values.export, save),
    peer: values.peer === undefined ? null : moduleOf(values.peer, values['peer-export'], save),
    flags: {
      ...(inner === undefined ? {} : { inner }),
      ...(values['no-half-close'] === true ? { carriesHalfClose: false } : {}),
      ...(laws === undefined ? {} : { laws }),
      ...(seed === undefined ? {} : { seed: integerOption('seed', seed, 0, MAX_SEED) }),
      ...(runs === undefined ? {} : { runs: integerOption('runs', runs, 0, MAX_RUNS) }),
      ...(values.case === undefined ? {} : { case: parseStreamCase(await readCase(values.case), values.case) }),
    },
    timeoutMs:
      timeout === undefined ? DEFAULT_TIMEOUT_MS : integerOption('timeout', timeout, LEAST_TIMEOUT_MS, MOST_TIMEOUT_MS),
    save,
    force: values.force ?? false,
    json: values.json ?? false,
  };
}

/** A reproduction imports the module from where it is written; one that is only printed, from here. */
function moduleOf(file: string, name = 'default', save: string | null): CheckedModule {
  const path = resolve(file);
  const from = save === null ? process.cwd() : dirname(resolve(save));
  const way = relative(from, path).replaceAll('\\', '/');
  return { path, shown: file, name, specifier: way.startsWith('.') ? way : `./${way === '' ? basename(path) : way}` };
}

function isInner(text: string): text is InnerKind {
  return INNER.some((kind) => kind === text);
}

function lawOf(text: string): StreamLaw {
  const law = STREAM_LAWS.find((one) => one === text);
  if (law !== undefined) return law;
  throw new UsageError(`Wrong value of --law: expected one of ${STREAM_LAWS.join(', ')}, got ${JSON.stringify(text)}`);
}

async function readCase(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RelayscopeError('CHECK_CASE_UNREADABLE', `Cannot read the case ${file}: ${why}`, { cause });
  }
}
