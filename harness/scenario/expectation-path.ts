import type { RunFailure } from './run-document.ts';
import type { Scenario } from './scenario.ts';

/** What is expected of a mirrored run stands in the file as of the other direction. */
const MIRRORED: ReadonlyMap<string, string> = new Map([
  ['aToB', 'bToA'],
  ['bToA', 'aToB'],
]);

/**
 * Where in its document stands what a failed run was expected to come to, for `lineOf`: in `expect`, in what is said of runs that are
 * swapped, or cut, or in the plan.
 *
 * @param scenario of the document, as it stands.
 */
export function expectationPath({ run, mismatches }: RunFailure, { swapped, chunks }: Scenario): (string | number)[] {
  // Of `golden, line 3` the line is one of another file.
  const [path = ''] = (mismatches[0]?.path ?? '').split(',');
  const parts = path.split(/[.[\]]+/).filter((part) => part !== '');
  const isOwn = run.chunkBytes === null || chunks === undefined;
  const root = !isOwn ? 'chunks' : run.swapped && swapped !== undefined ? 'swapped' : 'expect';
  const isMirrored = run.swapped && root !== 'swapped';
  const keys = parts
    .map((part) => (isMirrored ? (MIRRORED.get(part) ?? part) : part))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  return keys[0] === 'plan' ? keys : [root, ...keys];
}
