import { registerHooks } from 'node:module';
import { RelayscopeError } from '../../../src/errors.ts';
import type { PlantedDefect } from './planted-defect.ts';

/** The top of the checkout, as a file URL. */
const TOP = new URL('../../../', import.meta.url);

/**
 * From now on this thread loads the defect's file with its edit. To be called before anything imports that file. Returns a
 * function that says whether it has been loaded.
 *
 * Loading throws DEFECT_MISPLACED if the place in the source is gone, or is no longer one place.
 */
export function plantDefect({ name, file, find, replace }: PlantedDefect): () => boolean {
  const place = new URL(file, TOP).href;
  let isLoaded = false;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (url !== place) return loaded;
      const source = textOf(loaded.source);
      const places = source.split(find).length - 1;
      if (places !== 1) {
        throw new RelayscopeError(
          'DEFECT_MISPLACED',
          `Defect ${name}: expected its place in ${file} once, got ${places} times: ${JSON.stringify(find)}`,
        );
      }
      isLoaded = true;
      return { ...loaded, source: source.replace(find, () => replace) };
    },
  });
  return () => isLoaded;
}

function textOf(source: string | ArrayBuffer | NodeJS.TypedArray | null | undefined): string {
  if (typeof source === 'string') return source;
  return source === null || source === undefined ? '' : Buffer.from(source as Uint8Array).toString('utf8');
}
