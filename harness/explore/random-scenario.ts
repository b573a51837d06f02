import type { FaultEntry } from '../faults/fault-plan.ts';
import { findFault } from '../faults/fault-registry.ts';
import { SeededChance } from '../faults/seeded-chance.ts';
import type { Scenario, ScenarioOptions, SideEntry, SideScript } from '../scenario/scenario.ts';
import { possibleOptions, type CampaignSettings } from './campaign-settings.ts';
import { FaultMenu } from './fault-menu.ts';

/** Weighted by how often they stand here: most chunks are small, and many lie next to the size of a buffer. */
const SMALL_SIZES = [1, 1, 1, 2, 2, 3, 3, 4, 5, 7, 8, 9, 15, 16, 17];
const SIZES = [...SMALL_SIZES, 63, 64, 65, 68, 69, 100, 128, 200, 255, 256, 257];
/** Where a buffer is large, a run of bytes may be. */
const LARGE_SIZES = [1000, 2048, 4096, 8191, 8192, 8193];
const BUFFERS = [1, 2, 3, 5, 8, 16, 64, 256];
const LARGE_BUFFER = 64;
const WAITS_MS = [0, 1, 1, 2, 5, 20];
const HALF_CLOSE_MS = 5;

const MAX_CHUNKS = 6;
const MAX_TURNS = 5;
const MAX_WRITES = 6;
const MAX_ENDS = 3;
const MAX_FAULTS = 4;
/** No honest run takes a tenth of that; one that goes on without end is cut here. */
const MAX_POLLS = 10_000;
/** Where bytes are many, and each comes alone and late, an honest copy is polled once or twice a byte. */
const MAX_LARGE_POLLS = 1_000_000;
/** As much for all that a run does; a wrong count can have it compute with a text that grows, so that steps get slow. */
const MAX_STEPS = 20_000;
/** Where bytes are many, and taken one by one. */
const MAX_LARGE_STEPS = 1_000_000;
/** What a direction gives, or takes: a sixteenth of that at most in an honest run. */
const MAX_BYTES = 1 << 20;
const PAYLOAD_SEEDS = 0x100000;

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
/** As many as there are sizes and letters. */
const texts = new Map<number, SideEntry>();

const CALLS = ['read', 'write', 'flush', 'shutdown'] as const;
type Lists = Record<(typeof CALLS)[number], SideEntry[]>;

/** Makes run number i of a campaign out of its seed and i alone. */
export class RandomScenarios {
  readonly #settings: CampaignSettings;
  readonly #menu: FaultMenu;
  readonly #options: readonly ScenarioOptions[];
  /** The same for runs of many bytes. */
  readonly #largeOptions: readonly ScenarioOptions[];

  /** Throws DIALECT_UNKNOWN. */
  constructor(settings: CampaignSettings) {
    this.#settings = settings;
    this.#menu = new FaultMenu(settings.faults.map(findFault).filter((fault) => fault !== undefined));
    this.#options = optionsOf(settings.dialect, { maxPolls: MAX_POLLS, maxSteps: MAX_STEPS });
    this.#largeOptions = optionsOf(settings.dialect, { maxPolls: MAX_LARGE_POLLS, maxSteps: MAX_LARGE_STEPS });
  }

  scenario(run: number): Scenario {
    const { seed, dialect } = this.#settings;
    const chance = new SeededChance(seed, run);
    const kind = chance.below(this.#options.length);
    const { bufferBytes } = pickAt(this.#options, kind);
    const least =
      typeof bufferBytes === 'object' ? Math.min(bufferBytes.aToB, bufferBytes.bToA) : (bufferBytes ?? Infinity);
    const sizes = least < LARGE_BUFFER ? SMALL_SIZES : chance.below(20) === 0 ? LARGE_SIZES : SIZES;
    const [a, b] = chance.below(3) === 0 ? talk(chance, sizes) : [monologue(chance, sizes), monologue(chance, sizes)];
    for (const side of [a, b]) answers(chance, side);
    if (chance.below(16) === 0) fail(chance, chance.below(2) === 0 ? a : b);
    return {
      title: `Run ${run} of seed ${seed}`,
      dialects: [dialect],
      options: pickAt(sizes === LARGE_SIZES ? this.#largeOptions : this.#options, kind),
      seed: chance.below(PAYLOAD_SEEDS),
      a: script(a),
      b: script(b),
      plan: { faults: this.#faults(chance) },
      expect: { outcome: 'completed' },
    };
  }

  #faults(chance: SeededChance): FaultEntry[] {
    // One in four has none, and one half one: what takes many faults is rare.
    const count =
      this.#menu.isEmpty || chance.below(4) === 0 ? 0 : chance.below(2) === 0 ? 1 : 1 + chance.below(MAX_FAULTS);
    return Array.from({ length: count }, () => this.#menu.draw(chance));
  }
}

/** Shared objects, so that a world knows its copies again. */
function optionsOf(
  dialect: string,
  bounds: Required<Pick<ScenarioOptions, 'maxPolls' | 'maxSteps'>>,
): ScenarioOptions[] {
  const { hasBufferSizes, takesBudget } = possibleOptions(dialect);
  const own: ScenarioOptions[] = [{}, {}, { halfCloseTimeoutMs: HALF_CLOSE_MS }];
  const sized = hasBufferSizes
    ? [
        ...BUFFERS.map((bufferBytes) => ({ bufferBytes })),
        { bufferBytes: { aToB: 1, bToA: 64 } },
        { bufferBytes: { aToB: 16, bToA: 3 } },
      ]
    : [];
  const all = [...own, ...sized];
  const budgeted = takesBudget ? all.map((options) => ({ ...options, coopBudget: true })) : [];
  return [...all, ...budgeted].map((options) => ({ ...options, ...bounds, maxBytes: MAX_BYTES }));
}

function noEntries(): Lists {
  return { read: [], write: [], flush: [], shutdown: [] };
}

/** A side that says what it has, and ends: at once, or late. */
function monologue(chance: SeededChance, sizes: readonly number[]): Lists {
  const side = noEntries();
  const isText = chance.below(4) === 0;
  for (let chunks = chance.below(MAX_CHUNKS + 1); chunks > 0; chunks -= 1) say(chance, side, sizes, isText);
  pause(chance, side.read);
  return side;
}

/**
 * Question and answer: each speaks once it has got all that the other has said so far. They speak in texts: of a count of
 * bytes, only as many come as there is room for.
 */
function talk(chance: SeededChance, sizes: readonly number[]): [Lists, Lists] {
  const sides: [Lists, Lists] = [noEntries(), noEntries()];
  const said = [0, 0];
  let speaker = chance.below(2);
  for (let turns = 1 + chance.below(MAX_TURNS); turns > 0; turns -= 1) {
    const heard = said[1 - speaker] ?? 0;
    const side = sides[speaker] ?? sides[0];
    if (heard > 0) side.read.push({ received: heard });
    for (let chunks = 1 + chance.below(2); chunks > 0; chunks -= 1)
      said[speaker] = (said[speaker] ?? 0) + say(chance, side, sizes, true);
    speaker = 1 - speaker;
  }
  return sides;
}

function say(chance: SeededChance, side: Lists, sizes: readonly number[], isText: boolean): number {
  pause(chance, side.read);
  const bytes = pick(chance, sizes);
  side.read.push(isText ? textEntry(bytes, chance.below(ALPHABET.length)) : bytes);
  return bytes;
}

/** Lines of which each begins elsewhere in the alphabet, so that a byte out of its place shows. One object for each. */
function textEntry(bytes: number, from: number): SideEntry {
  const key = bytes * ALPHABET.length + from;
  let entry = texts.get(key);
  if (entry === undefined) {
    entry = { text: ALPHABET.repeat(Math.ceil(bytes / ALPHABET.length) + 1).slice(from, from + bytes) };
    texts.set(key, entry);
  }
  return entry;
}

function pause(chance: SeededChance, list: SideEntry[]): void {
  const kind = chance.below(8);
  if (kind === 0) list.push('p');
  else if (kind === 1) list.push({ waitMs: pick(chance, WAITS_MS) });
}

/** How a side takes what it gets: in pieces, slowly; and how it flushes and shuts down. */
function answers(chance: SeededChance, side: Lists): void {
  if (chance.below(2) === 0) {
    for (let writes = chance.below(MAX_WRITES); writes > 0; writes -= 1) {
      pause(chance, side.write);
      side.write.push(pick(chance, SMALL_SIZES));
    }
    pause(chance, side.write);
  }
  for (const list of [side.flush, side.shutdown]) {
    if (chance.below(4) !== 0) continue;
    for (let ends = 1 + chance.below(MAX_ENDS); ends > 0; ends -= 1) pause(chance, list);
  }
}

/** One of a side's calls fails, sooner or later. */
function fail(chance: SeededChance, side: Lists): void {
  const list = side[pick(chance, CALLS)];
  list.splice(chance.below(list.length + 1), 0, 'e');
}

function script(lists: Lists): SideScript {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}

function pick<T>(chance: SeededChance, values: readonly T[]): T {
  return pickAt(values, chance.below(values.length));
}

function pickAt<T>(values: readonly T[], index: number): T {
  // The lists of this module are not empty, and the index lies within.
  return values[index] as T;
}
