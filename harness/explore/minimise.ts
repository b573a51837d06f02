import { pinGenerators, type FaultEntry } from '../faults/fault-plan.ts';
import type { Scenario, SideEntry, SideScript } from '../scenario/scenario.ts';
import { simplerFaults } from './simpler-fault.ts';
import { smallerLists } from './smaller-lists.ts';
import { weightOf } from './scenario-weight.ts';

/** More tries are not worth the wait: what is left by then is small. */
export const MAX_TRIES = 2000;

/** Options that say how long a run may take. */
const BOUNDS: ReadonlySet<string> = new Set(['maxPolls', 'maxSteps', 'maxBytes', 'maxMs']);

const SIDES = ['a', 'b'] as const;
const CALLS = ['read', 'write', 'flush', 'shutdown'] as const;

/**
 * The smallest scenario that can be reached from this one with `stillFails` true all the way: fewer faults, fewer and
 * smaller chunks, a simpler schedule. The same each time. @param stillFails is asked at most MAX_TRIES times.
 */
export function minimise(scenario: Scenario, stillFails: (candidate: Scenario) => boolean): Scenario {
  let best: Scenario = { ...scenario, plan: pinGenerators(scenario.plan) };
  let weight = weightOf(best);
  let tries = 0;
  const accept = (candidate: Scenario): boolean => {
    const itsWeight = weightOf(candidate);
    if (itsWeight >= weight || tries >= MAX_TRIES) return false;
    tries += 1;
    if (!stillFails(candidate)) return false;
    best = candidate;
    weight = itsWeight;
    return true;
  };
  // Each round makes it lighter, or is the last.
  for (;;) {
    const before = best;
    minimiseFaults(() => best, accept);
    minimiseSides(() => best, accept);
    for (const candidate of simplerSettings(best)) accept(candidate);
    if (best === before) break;
  }
  return best;
}

type Current = () => Scenario;
type Accept = (candidate: Scenario) => boolean;

function minimiseFaults(current: Current, accept: Accept): void {
  const withFaults = (faults: readonly FaultEntry[]): Scenario => ({
    ...current(),
    plan: { ...current().plan, faults },
  });
  smallerLists(
    () => current().plan.faults,
    (faults) => accept(withFaults(faults)),
  );
  replaceEach(
    () => current().plan.faults,
    simplerFaults,
    (faults) => accept(withFaults(faults)),
  );
}

function minimiseSides(current: Current, accept: Accept): void {
  for (const side of SIDES) {
    for (const call of CALLS) {
      const list = (): readonly SideEntry[] => current()[side][call] ?? [];
      const acceptList = (entries: readonly SideEntry[]): boolean =>
        accept({ ...current(), [side]: withList(current()[side], call, entries) });
      smallerLists(list, acceptList);
      replaceEach(list, simplerEntries, acceptList);
    }
  }
}

function withList(side: SideScript, call: (typeof CALLS)[number], entries: readonly SideEntry[]): SideScript {
  const { [call]: _replaced, ...others } = side;
  return entries.length === 0 ? others : { ...others, [call]: entries };
}

/** Replaces items one by one with something simpler, and again as long as that helps. */
function replaceEach<T>(
  list: () => readonly T[],
  simpler: (item: T) => readonly T[],
  accept: (items: readonly T[]) => boolean,
): void {
  for (let index = 0; index < list().length; index += 1) {
    for (let isBetter = true; isBetter;) {
      const item = list()[index];
      isBetter = item !== undefined && simpler(item).some((other) => accept(list().with(index, other)));
    }
  }
}

/** The simplest first. */
function simplerEntries(entry: SideEntry): SideEntry[] {
  if (typeof entry === 'number') return [1, entry >> 1, entry - 1].filter((bytes) => bytes > 0 && bytes < entry);
  if (typeof entry === 'string') return [];
  if ('text' in entry) {
    const { text } = entry;
    const shorter = [1, text.length >> 1, text.length - 1].filter((n) => n > 0 && n < text.length);
    // As a count of bytes it is shorter to read, if what the bytes are does not matter.
    return [1, Buffer.byteLength(text), ...shorter.map((n) => ({ text: text.slice(0, n) }))];
  }
  if ('bytes' in entry) return [entry.bytes];
  if ('received' in entry)
    return [1, entry.received >> 1, entry.received - 1].filter((n) => n > 0).map((received) => ({ received }));
  if ('waitMs' in entry) return entry.waitMs > 1 ? ['p', { waitMs: 1 }] : ['p'];
  return [];
}

function simplerSettings(scenario: Scenario): Scenario[] {
  const { options } = scenario;
  const { bufferBytes } = options;
  // How long a run may take is for whoever minimises to say.
  const isBound = (key: string): boolean => BOUNDS.has(key);
  const bound = Object.fromEntries(Object.entries(options).filter(([key]) => isBound(key)));
  const keys = Object.keys(options).filter((key) => !isBound(key));
  const fewer = keys.map((key) => Object.fromEntries(Object.entries(options).filter(([name]) => name !== key)));
  const sizes =
    typeof bufferBytes === 'object'
      ? [bufferBytes.aToB, bufferBytes.bToA]
      : typeof bufferBytes === 'number'
        ? [1, bufferBytes >> 1]
        : [];
  return [
    { ...scenario, options: bound },
    ...fewer.map((rest) => ({ ...scenario, options: rest })),
    ...sizes.filter((size) => size > 0).map((size) => ({ ...scenario, options: { ...options, bufferBytes: size } })),
    { ...scenario, seed: 1 },
  ];
}
