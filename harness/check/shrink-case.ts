import type * as FastCheck from 'fast-check';
import { isBounded } from './bounded-case.ts';
import { streamCaseArbitrary } from './stream-case-arbitrary.ts';
import type { StreamCase } from './stream-case.ts';

/** More tries are not worth the wait: what is left by then is small. */
export const MAX_SHRINK_TRIES = 1000;

/**
 * The smallest case that fast-check reaches from this one with `stillBreaks` true all the way. The same each time, for the way down
 * has no chance in it. Walked by hand: what a project has set or installed for its own properties has no say in this.
 *
 * @param stillBreaks is asked at most MAX_SHRINK_TRIES times.
 */
export async function shrinkCase(
  fc: typeof FastCheck,
  streamCase: StreamCase,
  stillBreaks: (candidate: StreamCase) => Promise<boolean>,
): Promise<StreamCase> {
  const arbitrary = streamCaseArbitrary(fc);
  const isCostly = !isBounded(streamCase);
  let tries = 0;
  const firstOf = async (candidates: Iterable<FastCheck.Value<StreamCase>>): Promise<Smaller | null> => {
    for (const candidate of candidates) {
      if (tries === MAX_SHRINK_TRIES) return null;
      tries += 1;
      // A smaller buffer with as many bytes is no smaller case: it takes more calls.
      if (!isCostly && !isBounded(candidate.value)) continue;
      if (await stillBreaks(candidate.value)) return candidate;
    }
    return null;
  };
  let smallest: Smaller = { value: streamCase, context: undefined };
  for (;;) {
    const next = await firstOf(arbitrary.shrink(smallest.value, smallest.context));
    if (next !== null) smallest = next;
    else if (smallest.context === undefined) return smallest.value;
    // The context remembers what was tried on the way here: from here, some of it may break after all.
    else smallest = { value: smallest.value, context: undefined };
  }
}

type Smaller = Pick<FastCheck.Value<StreamCase>, 'value' | 'context'>;
