import * as fc from 'fast-check';
import { checkOptionNames, type OptionNames } from '../check-option-names.ts';
import type { SideEntry, SideScript } from '../scenario/scenario.ts';
import type { Script } from '../sim/script.ts';
import { printed } from './printed.ts';
import { sideEntries, type EntriesOptions, type SideEntries } from './side-entries.ts';

export interface PollsOptions extends EntriesOptions {
  /** Most entries of one call. Default: 6. */
  readonly maxEntries?: number;
  /** Only what a `ScriptedStream` takes: counts and words, no texts and no waits of so many milliseconds. Default: false. */
  readonly plain?: boolean;
}

const MAX_ENTRIES = 6;
/** Of a flush, or of a shutdown. */
const MAX_END_ENTRIES = 3;
const OPTIONS: OptionNames<PollsOptions> = {
  maxBytes: true,
  failing: true,
  lying: true,
  maxEntries: true,
  plain: true,
};
const CALLS = ['read', 'write', 'flush', 'shutdown'] as const;
type Lists = Record<(typeof CALLS)[number], readonly SideEntry[]>;

/**
 * What a side's stream answers, poll by poll: a script for `a` or `b` of a scenario, or, if `plain`, for a `ScriptedStream`. Every
 * answer is one that a stream may give, unless asked for `failing` or `lying` ones. Smaller: fewer answers, counts of 1.
 */
export function polls(options: PollsOptions & { readonly plain: true }): fc.Arbitrary<Script>;
export function polls(options?: PollsOptions): fc.Arbitrary<SideScript>;
export function polls(options: PollsOptions = {}): fc.Arbitrary<SideScript> {
  checkOptionNames('PROPERTY_OPTION_INVALID', 'polls', options, OPTIONS);
  const { maxEntries = MAX_ENTRIES, plain = false } = options;
  const entries = plain ? plainEntries(sideEntries(options)) : sideEntries(options);
  const ends = fc.array(entries.end, { maxLength: Math.min(maxEntries, MAX_END_ENTRIES) });
  return sides(fc.array(entries.read, { maxLength: maxEntries }), {
    write: fc.array(entries.write, { maxLength: maxEntries }),
    flush: ends,
    shutdown: ends,
  });
}

/** A side that answers so; a call without entries is left out, as a person would. */
export function sides(
  read: fc.Arbitrary<readonly SideEntry[]>,
  answers: Readonly<Record<'write' | 'flush' | 'shutdown', fc.Arbitrary<readonly SideEntry[]>>>,
): fc.Arbitrary<SideScript> {
  const rarely = (list: fc.Arbitrary<readonly SideEntry[]>): fc.Arbitrary<readonly SideEntry[]> =>
    fc.option(list, { nil: [], freq: 2 });
  return fc
    .record(
      { read, write: rarely(answers.write), flush: rarely(answers.flush), shutdown: rarely(answers.shutdown) },
      { noNullPrototype: true },
    )
    .map((lists) => printed(sideOf(lists)));
}

/** Without the calls that have no entries. */
export function sideOf(lists: Lists): SideScript {
  return Object.fromEntries(CALLS.filter((call) => lists[call].length > 0).map((call) => [call, lists[call]]));
}

function plainEntries({ read, write, end }: SideEntries): SideEntries {
  return { read: read.filter(isPlain), write: write.filter(isPlain), end: end.filter(isPlain) };
}

function isPlain(entry: SideEntry): boolean {
  return typeof entry !== 'object' || 'd' in entry;
}
