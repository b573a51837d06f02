import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { RelayscopeError } from '../../src/errors.ts';

/** `same`: it was there, to the byte. `kept`: another one was there, and was left alone. */
export type Written = 'new' | 'same' | 'replaced' | 'kept';

/**
 * Writes a file whole or not at all, in a folder that is made if it is not there. What is there already is replaced only with
 * `replace`; who does not look at what comes back has overwritten nothing. Throws CAPSULE_UNWRITABLE.
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  { replace }: { readonly replace: boolean },
): Promise<Written> {
  const partial = join(dirname(path), `.${basename(path)}.${process.pid}.partial`);
  try {
    const before = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (before?.equals(typeof content === 'string' ? Buffer.from(content) : content) === true) return 'same';
    if (before !== null && !replace) return 'kept';
    await mkdir(dirname(path), { recursive: true });
    await writeFile(partial, content, { flag: 'wx' });
    if (replace) await rename(partial, path);
    // Fails if somebody has written it since.
    else await link(partial, path);
    return before === null ? 'new' : 'replaced';
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RelayscopeError('CAPSULE_UNWRITABLE', `Cannot write ${path}: ${why}`, { cause });
  } finally {
    await rm(partial, { force: true }).catch(() => undefined);
  }
}
