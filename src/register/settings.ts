import { RelayscopeError } from '../errors.ts';
import { parseByteSize } from '../trace/byte-size.ts';
import { DEFAULT_MAX_TRACE_BYTES } from '../trace/file/trace-writer.ts';
import { checkLimits } from '../watch/watch-options.ts';
import type { WatchProgramOptions } from '../watch/watch-program.ts';

/** Less would hardly hold what led to it. */
const LEAST_TRACE_BYTES = 1024 * 1024;

export type Environment = Record<string, string | undefined>;

/**
 * What `relayscope/register` is told by the environment (docs/register.md). A trace's
 * name without `%p` gets it for those that inherit the environment, so that no child writes to the file of its parent.
 *
 * Throws REGISTER_SETTING_INVALID, for the first of them that is wrong.
 */
export function takeSettings(env: Environment, pid: number): WatchProgramOptions {
  const trace = takeTrace(env, pid);
  const limitMs = limitOf(env['RELAYSCOPE_LIMIT_MS']);
  const report = oneOf('RELAYSCOPE_REPORT', env['RELAYSCOPE_REPORT'], ['stderr', 'none']);
  const level = oneOf('RELAYSCOPE_PAYLOAD', env['RELAYSCOPE_PAYLOAD'], ['full', 'redacted']);
  return {
    ...trace,
    maxTraceBytes: sizeOf(env['RELAYSCOPE_MAX_TRACE']),
    ...(limitMs === null ? {} : { limitMs }),
    ...(report === null ? {} : { report }),
    ...(level === null ? {} : { recorder: { payload: { level } } }),
  };
}

/** Unset: a file in the current folder once something is stuck. Empty: none. Else always, `%p` being the process's number. */
function takeTrace(env: Environment, pid: number): Pick<WatchProgramOptions, 'tracePath' | 'traceWhen'> {
  const pattern = env['RELAYSCOPE_TRACE'];
  if (pattern === undefined) return { tracePath: `relayscope-${pid}.trace`, traceWhen: 'stuck' };
  if (pattern === '') return {};
  if (pattern.includes('\0')) throw wrong('RELAYSCOPE_TRACE', 'the path of a file', pattern);
  if (!pattern.includes('%p')) env['RELAYSCOPE_TRACE'] = pattern.replace(/(?:\.[^./\\]*)?$/, '-%p$&');
  return { tracePath: pattern.replaceAll('%p', String(pid)) };
}

function limitOf(text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  const limitMs = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  try {
    checkLimits({ limitMs });
  } catch {
    throw wrong('RELAYSCOPE_LIMIT_MS', 'milliseconds, 50 to 3600000', text);
  }
  return limitMs;
}

function sizeOf(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_MAX_TRACE_BYTES;
  const bytes = parseByteSize(text);
  if (bytes !== null && bytes >= LEAST_TRACE_BYTES) return bytes;
  throw wrong('RELAYSCOPE_MAX_TRACE', `a size from ${LEAST_TRACE_BYTES / 1024 / 1024}M, such as 64M`, text);
}

function oneOf<const T extends string>(name: string, text: string | undefined, known: readonly T[]): T | null {
  if (text === undefined || text === '') return null;
  const found = known.find((one) => one === text);
  if (found !== undefined) return found;
  throw wrong(name, known.join(' or '), text);
}

function wrong(name: string, expected: string, got: string): RelayscopeError {
  return new RelayscopeError(
    'REGISTER_SETTING_INVALID',
    `Wrong ${name}: expected ${expected}, got ${JSON.stringify(got.slice(0, 200))}`,
  );
}
