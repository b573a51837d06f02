import type { DatabaseSync } from 'node:sqlite';
import { RelayscopeError } from '../../src/errors.ts';

/**
 * A database of its own: in memory while it is small, else in a temporary file that SQLite makes, and takes away
 * whatever happens. Throws SQL_UNAVAILABLE where Node has no SQLite.
 */
export async function openTemporaryDatabase(): Promise<DatabaseSync> {
  const { DatabaseSync } = await quietly(() => import('node:sqlite')).catch((cause: unknown) => {
    throw new RelayscopeError(
      'SQL_UNAVAILABLE',
      `This Node has no SQLite: expected node:sqlite, as in Node 22.13 or later, got ${process.version}`,
      { cause },
    );
  });
  // The empty name is SQLite's for that.
  return new DatabaseSync('');
}

/** Imports a module that Node calls experimental, and keeps that one warning off the screen; any other is passed on. */
async function quietly<T>(load: () => Promise<T>): Promise<T> {
  const original = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  const emitWarning = process.emitWarning.bind(process);
  const filtered = (warning: string | Error, ...rest: unknown[]): void => {
    const text = typeof warning === 'string' ? warning : warning.message;
    if (!text.includes('SQLite is an experimental feature')) Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  Object.defineProperty(process, 'emitWarning', { value: filtered, configurable: true, writable: true });
  try {
    return await load();
  } finally {
    // Where it was not the process's own, what was put before it is taken away again.
    if (original === undefined) Reflect.deleteProperty(process, 'emitWarning');
    else Object.defineProperty(process, 'emitWarning', original);
  }
}
