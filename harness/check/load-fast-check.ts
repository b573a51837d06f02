import type * as FastCheck from 'fast-check';

/** fast-check, if it is installed beside this package; null: it is not. It is optional, so it is loaded only when it is needed. */
export async function loadFastCheck(): Promise<typeof FastCheck | null> {
  try {
    return await import('fast-check');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return null;
    throw error;
  }
}
