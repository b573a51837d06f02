import { availableParallelism } from 'node:os';
import type { FailedRun } from '../campaign.ts';
import { findPlanted, type FindOptions } from './find-planted.ts';
import type { PlantedDefect } from './planted-defect.ts';

/** What became of the search for one defect. */
export interface PlantedResult {
  readonly defect: PlantedDefect;
  /** The first run that failed; null: none did. */
  readonly found: FailedRun | null;
}

/** Looks for each of the defects, as many at once as there are processors; the results come in their order. */
export async function searchPlanted(
  defects: readonly PlantedDefect[],
  options: FindOptions & { readonly signal: AbortSignal },
  onResult: (done: number) => void = () => undefined,
): Promise<PlantedResult[]> {
  const results: (PlantedResult | undefined)[] = defects.map(() => undefined);
  const left = [...defects.entries()];
  let done = 0;
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined && !options.signal.aborted; next = left.shift()) {
      const [index, defect] = next;
      results[index] = { defect, found: await findPlanted(defect, options) };
      done += 1;
      onResult(done);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results.filter((result) => result !== undefined);
}
