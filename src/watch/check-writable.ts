import { closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { RelayscopeError } from '../errors.ts';
import { makeFolder } from '../trace/file/make-folder.ts';

/** Makes the file, and the folders on the way. Throws TRACE_UNWRITABLE. */
export function checkWritable(path: string): void {
  try {
    makeFolder(dirname(path));
    closeSync(openSync(path, 'a'));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new RelayscopeError('TRACE_UNWRITABLE', `Cannot write the trace ${path}: ${message}`, { cause });
  }
}
