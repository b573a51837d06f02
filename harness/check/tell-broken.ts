import type { Breach } from './breach.ts';
import type { CheckOptions, InnerKind } from './check-options.ts';
import type { BrokenStreamLaw } from './check-report.ts';
import type { FoundBreach } from './found-breaches.ts';
import { loadFastCheck } from './load-fast-check.ts';
import { reproduction } from './reproduction.ts';
import { shrinkCase } from './shrink-case.ts';
import type { StreamCase } from './stream-case.ts';

/**
 * What is told of the laws that were found broken: the smallest case of each, if fast-check is there to make them small, and a test.
 * A case that was asked for is told as it is.
 *
 * @param run a case against a fresh stream.
 */
export async function tellBroken<Kind extends InnerKind>(
  found: readonly FoundBreach[],
  run: (streamCase: StreamCase) => Promise<Breach | null>,
  factory: { readonly name: string },
  options: CheckOptions<Kind>,
): Promise<BrokenStreamLaw[]> {
  const fc = found.length === 0 || options.case !== undefined ? null : await loadFastCheck();
  const told: BrokenStreamLaw[] = [];
  for (const { breach, streamCase } of found) {
    let smallest = { law: breach.law, message: breach.message, case: streamCase };
    if (fc !== null) {
      await shrinkCase(fc, streamCase, async (candidate) => {
        const again = await run(candidate);
        if (again?.law !== breach.law) return false;
        smallest = { law: breach.law, message: again.message, case: candidate };
        return true;
      });
    }
    told.push({ ...smallest, shrunk: fc !== null, reproduction: reproduction(smallest, factory, options) });
  }
  return told;
}
