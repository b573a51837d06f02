import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { nearestName } from '../nearest-name.ts';
import { UsageError } from './usage-error.ts';

type Parsed<T extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: T; allowPositionals: true; strict: true; args: string[] }>
>;

/** `util.parseArgs`, strict, with its complaint as a UsageError of one line. */
export function parseOptions<const T extends ParseArgsOptionsConfig>(args: readonly string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const ambiguous = /^Option '(?:-\w, )?(--[\w-]+)[^']*' argument is ambiguous/.exec(message)?.[1];
    if (ambiguous !== undefined)
      throw new UsageError(`Wrong value of ${ambiguous}: one that begins with a dash is written ${ambiguous}=VALUE`, {
        cause: error,
      });
    const complaint = (message.split(/\.? To specify/)[0] ?? message).replaceAll('\n', ' ');
    const unknown = /^Unknown option '--([^']+)'/.exec(message)?.[1];
    const nearest = unknown === undefined ? null : nearestName(unknown, Object.keys(options));
    throw new UsageError(`${complaint}${nearest === null ? '' : `; did you mean --${nearest}?`}`, { cause: error });
  }
}

/** An option that is a whole number between two bounds. */
export function integerOption(name: string, text: string, least: number, most: number): number {
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(
    `Wrong value of --${name}: expected a whole number from ${least} to ${most}, got ${JSON.stringify(text)}`,
  );
}
