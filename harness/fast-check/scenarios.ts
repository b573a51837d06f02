import * as fc from 'fast-check';
import { checkOptionNames, type OptionNames } from '../check-option-names.ts';
import { resolveDialect } from '../../src/copy/dialect.ts';
import type { Scenario, ScenarioOptions, SideEntry, SideScript } from '../scenario/scenario.ts';
import { planArbitrary, type PlansOptions } from './plans.ts';
import { sides, type PollsOptions } from './polls.ts';
import { printed } from './printed.ts';
import { sideEntries, textEntry, waitEntry } from './side-entries.ts';

export interface ScenariosOptions
  extends Omit<PollsOptions, 'plain'>, Pick<PlansOptions, 'faults' | 'side' | 'minFaults' | 'maxFaults'> {
  /** One of these is drawn: `checked`, or tokio releases. Default: `checked`. */
  readonly dialect?: string | readonly string[];
  /** Buffers of other sizes than the dialect's own, where it has sizes. Default: true. */
  readonly bufferSizes?: boolean;
}

const MAX_ENTRIES = 6;
const MAX_END_ENTRIES = 3;
const MAX_BUFFER = 256;
const MAX_SEED = 0xfffff;
const OPTIONS: OptionNames<ScenariosOptions> = {
  dialect: true,
  bufferSizes: true,
  maxEntries: true,
  maxBytes: true,
  failing: true,
  lying: true,
  faults: true,
  side: true,
  minFaults: true,
  maxFaults: true,
};

/**
 * Whole scenarios, as `runScenario` runs them and a document could hold them: what both sides say (each for itself, or question and
 * answer) and take, how long they make the copy wait, what breaks, and where all chance comes from. What the sides wait for can
 * always come. Smaller: fewer entries, counts of 1, no waits, fewer faults, no options.
 *
 * Throws PROPERTY_OPTION_INVALID, DIALECT_UNKNOWN, and FAULT_UNKNOWN as `plans` does.
 *
 * @example
 * const property = fc.property(scenarios({ faults: 'benign' }), (scenario) => {
 *   expect(failuresOf(scenario, runScenario(scenario))).toEqual([]);
 * });
 * fc.assert(property, { plugins: [capsules()] });
 */
export function scenarios(options: ScenariosOptions = {}): fc.Arbitrary<Scenario> {
  checkOptionNames('PROPERTY_OPTION_INVALID', 'scenarios', options, OPTIONS);
  const { dialect = 'checked', bufferSizes = true } = options;
  const dialects = typeof dialect === 'string' ? [dialect] : dialect;
  for (const name of dialects) resolveDialect(name);
  return fc
    .record(
      {
        dialect: fc.constantFrom(...dialects),
        bufferBytes: bufferSizes ? bufferBytes() : fc.constant(undefined),
        seed: fc.integer({ min: 1, max: MAX_SEED }),
        spoken: spoken(options),
        plan: planArbitrary(options),
      },
      { noNullPrototype: true },
    )
    .map(({ dialect: name, bufferBytes: bytes, seed, spoken: [a, b], plan }) =>
      printed<Scenario>({
        title: 'A scenario of a property',
        dialects: [name],
        options: bytes === undefined || !resolveDialect(name).hasBufferSizes ? {} : { bufferBytes: bytes },
        seed,
        a,
        b,
        plan,
        expect: { outcome: 'completed' },
      }),
    );
}

/** A single byte is a size like any other. */
function bufferBytes(): fc.Arbitrary<ScenarioOptions['bufferBytes']> {
  const size = fc.integer({ min: 1, max: MAX_BUFFER });
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: size },
    { weight: 1, arbitrary: fc.record({ aToB: size, bToA: size }, { noNullPrototype: true }) },
  );
}

/** Two sides that each say what they have; or that listen before they speak. */
function spoken(options: ScenariosOptions): fc.Arbitrary<readonly [SideScript, SideScript]> {
  const { maxEntries = MAX_ENTRIES } = options;
  const entries = sideEntries(options);
  const ends = fc.array(entries.end, { maxLength: Math.min(maxEntries, MAX_END_ENTRIES) });
  const answers = { write: fc.array(entries.write, { maxLength: maxEntries }), flush: ends, shutdown: ends };
  const monologue = sides(fc.array(entries.read, { maxLength: maxEntries }), answers);
  const silent = sides(fc.constant([]), answers);
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 2, arbitrary: fc.tuple(monologue, monologue) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(talk(maxEntries, options.maxBytes), silent, silent)
        .map(([[readA, readB], a, b]) => [withRead(readA, a), withRead(readB, b)] as const),
    },
  );
}

/**
 * Question and answer: each speaks once it has got all that the other has said so far. They speak in texts: of a count of bytes,
 * only as many come as there is room for.
 */
function talk(maxTurns: number, maxBytes?: number): fc.Arbitrary<readonly [SideEntry[], SideEntry[]]> {
  const pause = fc.option(waitEntry(), { nil: null, freq: 2 });
  const turn = fc.record({ pause, text: textEntry(maxBytes) }, { noNullPrototype: true });
  return fc.tuple(fc.nat(1), fc.array(turn, { maxLength: maxTurns })).map(([first, turns]) => {
    const lists: [SideEntry[], SideEntry[]] = [[], []];
    const said = [0, 0];
    for (const [index, { pause: wait, text }] of turns.entries()) {
      const speaker = (first + index) % 2;
      const list = speaker === 0 ? lists[0] : lists[1];
      const heard = said[1 - speaker] ?? 0;
      if (heard > 0) list.push({ received: heard });
      if (wait !== null) list.push(wait);
      list.push(text);
      said[speaker] = (said[speaker] ?? 0) + text.text.length;
    }
    return lists;
  });
}

function withRead(read: readonly SideEntry[], side: SideScript): SideScript {
  return printed(read.length === 0 ? side : { read, ...side });
}
