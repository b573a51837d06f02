import type { DiffPair } from './diff-pair.ts';
import { firstParted } from './diff-screen.ts';
import type { TraceDiff } from './diff-traces.ts';

/** So many pairs are listed. */
const MAX_LISTED = 1000;

/** What `diff --json` prints. */
export function diffJson(diff: TraceDiff): object {
  const first = firstParted(diff);
  return {
    schema: 1,
    same: diff.same,
    first: first === null ? null : { ...pairJson(first), good: first.context('good'), bad: first.context('bad') },
    pairs: diff.pairs.slice(0, MAX_LISTED).map(pairJson),
    unpaired: { good: diff.unpaired.good.slice(0, MAX_LISTED), bad: diff.unpaired.bad.slice(0, MAX_LISTED) },
  };
}

function pairJson({ connections, outcome, steps, counts }: DiffPair): object {
  return { connections, outcome, steps, counts };
}
