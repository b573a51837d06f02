import { createHash } from 'node:crypto';
import { relative, resolve } from 'node:path';

/** Where the traces of tests that failed go, from the project's root, unless the environment names another folder. */
const FAILED_TRACES = 'traces/failed';

/** Vitest calls the copy of what is attached after all that is said of it, and no system takes a name of more than 255. */
const MAX_NAME_CHARS = 80;
/** The end of a name tells tests apart that begin alike. */
const END_CHARS = 30;

/** Whose a path is, in this worker. Some systems take capital letters for small ones. */
const owners = new Map<string, string>();

/**
 * Of what has these names: `traces/failed/scenarios-echo-checked.trace`, below the project's root; the same names, the same path. Where
 * letters are left out that not every system takes in a name, a few of a digest stand for them: else all tests with names in Greek
 * had one trace. So it is where two names differ in signs alone, `<` and `>`, for the second that asks.
 */
export function tracePath(root: string, ...names: readonly string[]): string {
  const whole = names.join('-');
  const folder = process.env['RELAYSCOPE_FAILED_TRACES'] ?? '';
  const pathWith = (digest: string): string =>
    resolve(root, folder === '' ? FAILED_TRACES : folder, `${nameOf(whole, digest)}.trace`);
  const digest = `-${createHash('sha256').update(whole).digest('hex').slice(0, 8)}`;
  const path = pathWith(/^[\x20-\x7e]*$/.test(whole) ? '' : digest);
  const key = path.toLowerCase();
  const owner = owners.get(key) ?? whole;
  owners.set(key, owner);
  return owner === whole ? path : pathWith(digest);
}

/** What the traces of a test file's tests begin with: `test/relay` of `/project/test/relay.test.ts`. */
export function testFileName(root: string, file: string): string {
  return relative(root, file).replace(/(?:\.(?:test|spec))?\.\w+$/, '');
}

function nameOf(whole: string, digest: string): string {
  const slug = `${whole.replaceAll(/[^\w.]+/g, '-')}${digest}`.replaceAll(/^[-.]+|[-.]+$/g, '').replaceAll(/--+/g, '-');
  const isLong = slug.length > MAX_NAME_CHARS;
  const name = isLong ? `${slug.slice(0, MAX_NAME_CHARS - END_CHARS)}-${slug.slice(1 - END_CHARS)}` : slug;
  return name === '' ? 'test' : name;
}
