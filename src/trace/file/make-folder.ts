import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** So many folders at most are made on the way to a trace. */
const MAX_FOLDERS = 32;

/** Not mkdir's own `recursive`: where a folder is there and refuses (as /proc does), Node tries again for ever. */
export function makeFolder(folder: string, most = MAX_FOLDERS): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(folder).isDirectory()) return;
    const parent = dirname(folder);
    if (code !== 'ENOENT' || most === 0 || existsSync(parent)) throw error;
    makeFolder(parent, most - 1);
    mkdirSync(folder);
  }
}
