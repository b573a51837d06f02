import { readFileSync, readlinkSync } from 'node:fs';

/** A file of /proc, or null where it is not to be read: the process has ended, or the kernel does not tell. */
export function procText(path: string): string | null {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return null;
  }
}

/** Where a link of /proc leads, or null. */
export function procLink(path: string): string | null {
  try {
    return readlinkSync(`/proc/${path}`);
  } catch {
    return null;
  }
}
