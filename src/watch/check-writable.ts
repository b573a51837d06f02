import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { RelayscopeError } from '../errors.ts';

/** Makes the file, and its folder where only that is missing. Throws TRACE_UNWRITABLE. */
export function checkWritable(path: string): void {
  try {
    makeFolder(dirname(path));
    closeSync(openSync(path, 'a'));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new RelayscopeError('TRACE_UNWRITABLE', `Cannot write the trace ${path}: ${message}`, { cause });
  }
}

/** One level only, not mkdir's own `recursive`: where a folder is there and refuses, Node tries that for ever. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
