import { RelayscopeError } from '../../../src/errors.ts';

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

export const GUARD_VARIABLES = {
  enabled: 'RELAYSCOPE_GUARD',
  limitMs: 'RELAYSCOPE_GUARD_LIMIT_MS',
  collectLimitMs: 'RELAYSCOPE_GUARD_COLLECT_LIMIT_MS',
  folder: 'RELAYSCOPE_GUARD_DIR',
  blockedLimitMs: 'RELAYSCOPE_GUARD_BLOCKED_LIMIT_MS',
} as const;

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
  const number = (name: 'limitMs' | 'collectLimitMs' | 'blockedLimitMs'): number | null => {
    const text = env[GUARD_VARIABLES[name]];
    if (text !== undefined && text !== '') return checkedLimit(GUARD_VARIABLES[name], text, Number(text));
    const value = options[name];
    return value === undefined ? null : checkedLimit(`relayscopeGuard.${name}`, String(value), value);
  };
  const least = Number.isFinite(hookTimeoutMs) ? hookTimeoutMs : 0;
  return {
    isEnabled: isEnabled(env[GUARD_VARIABLES.enabled]) ?? options.enabled ?? true,
    limitMs: number('limitMs'),
    collectLimitMs: number('collectLimitMs') ?? Math.max(COLLECT_LIMIT_MS, least),
    folder: env[GUARD_VARIABLES.folder] ?? options.folder ?? 'node_modules/.cache/relayscope',
    blockedLimitMs: number('blockedLimitMs'),
  };
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
