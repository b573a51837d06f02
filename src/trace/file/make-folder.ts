import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** So many folders at most are made on the way to a trace. */
const MAX_FOLDERS = 32;

/**
 * A folder, and those on the way to it, unless they are there; another program may be making the same ones. Not mkdir's
 * own `recursive`: where a folder is there and refuses (as /proc does), Node tries again for ever.
 */
export function makeFolder(folder: string, most = MAX_FOLDERS): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // If it is a file, whoever opens what is to be in it will see.
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || most === 0) throw error;
    makeFolder(dirname(folder), most - 1);
    makeFolder(folder, 0);
  }
}
