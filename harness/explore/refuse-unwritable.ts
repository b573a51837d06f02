import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Throws an error of the file system where `writeWhole` could write no file: before hours of work whose result would go there. */
export async function refuseUnwritable(path: string): Promise<void> {
  const there = await statOf(path);
  if (there?.isDirectory() === true) throw new Error('it is a folder');
  // The folders that are not there will be made in the first one that is.
  let folder = dirname(path);
  let stats = await statOf(folder);
  while (stats === null && dirname(folder) !== folder) {
    folder = dirname(folder);
    stats = await statOf(folder);
  }
  if (stats?.isDirectory() !== true) throw new Error(`${folder} is no folder`);
  await access(folder, constants.W_OK | constants.X_OK);
}

async function statOf(path: string): Promise<Awaited<ReturnType<typeof stat>> | null> {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
