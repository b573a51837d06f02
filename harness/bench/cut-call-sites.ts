import { registerHooks } from 'node:module';

/** The recorder's call sites in the copy's loop, as they are written there. */
const CALL_SITES = /^ *(?:if \(recorder !== null\) recorder\.\w+\(.*\);|this\.#record\([A-Z].*\);)\n/gm;

/** As many as an iteration passes, and more; fewer would mean that they are written in another way now. */
const LEAST_SITES = 5;

/**
 * From now on, `src/copy/copy-buffer.ts` is loaded without what it tells the recorder: the engine as it would be had
 * nobody ever thought of one. Only what has not been imported yet is changed.
 */
export function cutCallSites(): void {
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.endsWith('/src/copy/copy-buffer.ts')) return loaded;
      let sites = 0;
      const source = textOf(loaded.source).replaceAll(CALL_SITES, () => {
        sites += 1;
        return '';
      });
      if (sites < LEAST_SITES) throw new Error(`Call sites not found: expected ${LEAST_SITES} or more, got ${sites}`);
      return { ...loaded, source };
    },
  });
}

function textOf(source: unknown): string {
  return source instanceof Uint8Array ? new TextDecoder().decode(source) : String(source);
}
