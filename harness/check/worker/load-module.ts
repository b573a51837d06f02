import { pathToFileURL } from 'node:url';
import { CheckError } from '../check-error.ts';
import { showValue } from '../show-value.ts';
import type { CheckedModule } from './check-job.ts';

const STRIPPED =
  'Node strips the types of a .ts file and compiles nothing: build it first, or start node with a loader that does';

/** What a module exports. Throws CHECK_MODULE_UNREADABLE, with what is wrong and where, as far as Node says it. */
export async function loadModule({ path, shown }: CheckedModule): Promise<Readonly<Record<string, unknown>>> {
  try {
    // What it is will be looked at.
    return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new CheckError('CHECK_MODULE_UNREADABLE', `Cannot load ${shown}: ${why(error, path)}`, error);
  }
}

/** The function that a module exports by that name. Throws CHECK_MODULE_INVALID. */
export function exportedFunction(
  exports: Readonly<Record<string, unknown>>,
  { shown, name }: CheckedModule,
): (inner: never) => unknown {
  const value = exports[name];
  if (typeof value === 'function') return value as (inner: never) => unknown;
  const what = name === 'default' ? 'a default export' : `an export ${name}`;
  const others = Object.keys(exports).filter((key) => typeof exports[key] === 'function');
  const hint = others.length === 0 ? '' : `; it exports ${others.join(', ')} (--export NAME)`;
  const got = value === undefined ? 'nothing' : showValue(value);
  throw new CheckError(
    'CHECK_MODULE_INVALID',
    `Wrong module ${shown}: expected ${what} that is a function and makes the stream, got ${got}${hint}`,
  );
}

function why(error: unknown, path: string): string {
  if (!(error instanceof Error)) return `it threw ${showValue(error)}`;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  switch (code) {
    case 'ERR_MODULE_NOT_FOUND':
      // Another may be missing, which it imports.
      return error.message.startsWith(`Cannot find module '${path}'`) ? 'there is no such file' : error.message;
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
    case 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING':
    case 'ERR_UNKNOWN_FILE_EXTENSION':
      return `${error.message}. ${STRIPPED}`;
  }
  // Of what does not parse, Node says where on the first line.
  const place = error instanceof SyntaxError ? /^file:\S+:\d+$/m.exec(error.stack ?? '')?.[0] : undefined;
  return `${error.name}: ${error.message}${place === undefined ? '' : ` (${place})`}`;
}
