import { inspect } from 'node:util';
import { checkOptionNames, type OptionNames } from '../../check-option-names.ts';
import { RelayscopeError } from '../../../src/errors.ts';
import { nearestName } from '../../nearest-name.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Options of the guard against stuck tests, for `provide` in vitest's configuration. */
    relayscopeGuard?: GuardOptions;
  }
}

export interface GuardOptions {
  /** So long nothing may keep the event loop from turning. Default: vitest's own time-outs (`testTimeout`, `hookTimeout`). */
  readonly limitMs?: number;
  /** The same while a file is imported. vitest has no limit of its own there. Default: 30 s, or `hookTimeout` if that is longer. */
  readonly collectLimitMs?: number;
  /** Where reports and traces go, from the project's root. Default: `node_modules/.cache/relayscope`. */
  readonly folder?: string;
  /** A test that stands in a system call for so long is ended, too. Default: never, because the call may return. */
  readonly blockedLimitMs?: number;
  /** Default: true. */
  readonly enabled?: boolean;
}

export interface GuardSettings {
  readonly isEnabled: boolean;
  readonly limitMs: number | null;
  readonly collectLimitMs: number;
  readonly folder: string;
  readonly blockedLimitMs: number | null;
}

const GUARD_VARIABLES = {
  enabled: 'RELAYSCOPE_GUARD',
  limitMs: 'RELAYSCOPE_GUARD_LIMIT_MS',
  collectLimitMs: 'RELAYSCOPE_GUARD_COLLECT_LIMIT_MS',
  folder: 'RELAYSCOPE_GUARD_DIR',
  blockedLimitMs: 'RELAYSCOPE_GUARD_BLOCKED_LIMIT_MS',
} as const;

const OPTIONS: OptionNames<GuardOptions> = {
  limitMs: true,
  collectLimitMs: true,
  folder: true,
  blockedLimitMs: true,
  enabled: true,
};

const COLLECT_LIMIT_MS = 30_000;
/** A freeze is not seen any sooner. */
const MIN_LIMIT_MS = 100;
const MAX_LIMIT_MS = 0x7ffffffe;

/**
 * The environment has the last word over what the configuration provides.
 *
 * Throws GUARD_OPTION_INVALID.
 */
export function guardSettings(env: NodeJS.ProcessEnv, options: GuardOptions, hookTimeoutMs: number): GuardSettings {
  checkOptionNames('GUARD_OPTION_INVALID', 'relayscopeGuard', options, OPTIONS);
  checkVariables(env);
  const { enabled = true, folder = 'node_modules/.cache/relayscope' }: Readonly<Record<string, unknown>> = {
    ...options,
  };
  if (typeof enabled !== 'boolean') throw invalid('relayscopeGuard.enabled', 'true or false', shown(enabled));
  if (typeof folder !== 'string' || folder === '') throw invalid('relayscopeGuard.folder', 'a path', shown(folder));
  const number = (name: 'limitMs' | 'collectLimitMs' | 'blockedLimitMs'): number | null => {
    const text = env[GUARD_VARIABLES[name]];
    if (text !== undefined && text !== '') return checkedLimit(GUARD_VARIABLES[name], text, Number(text));
    const value = options[name];
    return value === undefined ? null : checkedLimit(`relayscopeGuard.${name}`, shown(value), value);
  };
  const least = Number.isFinite(hookTimeoutMs) ? hookTimeoutMs : 0;
  return {
    isEnabled: isEnabled(env[GUARD_VARIABLES.enabled]) ?? enabled,
    limitMs: number('limitMs'),
    collectLimitMs: number('collectLimitMs') ?? Math.max(COLLECT_LIMIT_MS, least),
    folder: env[GUARD_VARIABLES.folder] ?? folder,
    blockedLimitMs: number('blockedLimitMs'),
  };
}

/** A variable that is misspelt is one that is not set. */
function checkVariables(env: NodeJS.ProcessEnv): void {
  const known: readonly string[] = Object.values(GUARD_VARIABLES);
  const wrong = Object.keys(env).find((name) => /^RELAYSCOPE_GUARD(?:_|$)/.test(name) && !known.includes(name));
  if (wrong === undefined) return;
  const nearest = nearestName(
    wrong.slice('RELAYSCOPE_'.length),
    known.map((name) => name.slice('RELAYSCOPE_'.length)),
  );
  const meant = nearest === null ? '' : `; did you mean RELAYSCOPE_${nearest}?`;
  throw invalid('the environment', `one of ${known.join(', ')}`, `${wrong}${meant}`);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `the text ${JSON.stringify(value)}`;
  return inspect(value, { depth: 1, breakLength: Infinity });
}

function isEnabled(text: string | undefined): boolean | null {
  if (text === undefined || text === '') return null;
  if (['on', '1', 'true'].includes(text)) return true;
  if (['off', '0', 'false'].includes(text)) return false;
  throw invalid(GUARD_VARIABLES.enabled, 'on or off', text);
}

function checkedLimit(name: string, text: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= MIN_LIMIT_MS && value <= MAX_LIMIT_MS) return value;
  throw invalid(name, `milliseconds from ${MIN_LIMIT_MS} to ${MAX_LIMIT_MS}`, text);
}

function invalid(name: string, expected: string, got: string): RelayscopeError {
  return new RelayscopeError(
    'GUARD_OPTION_INVALID',
    `Wrong setting of the guard: ${name}: expected ${expected}, got ${got}`,
  );
}
