import { z } from 'zod';
import type { FaultDefinition } from '../faults/fault-definition.ts';
import type { FaultEntry, FaultTrigger } from '../faults/fault-plan.ts';
import { SeededChance } from '../faults/seeded-chance.ts';

/** Different sets of parameters for each fault; the first is that of its defaults. */
const VARIANTS = 8;
/** Entries are kept and used again, since a plan's entry is checked once; past that many they are made anew. */
const MAX_KEPT_ENTRIES = 200_000;

const SIDES = ['a', 'b', undefined] as const;
const TIMES = [undefined, undefined, 1, 2, 5] as const;
/** Small numbers: what breaks at the hundredth call breaks at the third, too, or at none. */
const TRIGGERS: readonly (FaultTrigger | undefined)[] = [
  undefined,
  undefined,
  ...[1, 2, 3, 5, 8].map((call) => ({ call })),
  ...[2, 3, 5].map((every) => ({ every })),
  ...[1, 2, 17, 69, 128].map((byte) => ({ byte })),
  ...[0, 1, 5].map((atMs) => ({ atMs })),
  ...[0.1, 0.5, 0.9].map((chance) => ({ chance })),
];
const INTEGERS = [-64, -3, -2, -1, 1, 2, 3, 5, 8, 64, 1000];
const NUMBERS = [0, 1, 2, 5, 10, 0.5];

type Parameters = Readonly<Record<string, unknown>>;

/** The faults of a campaign, from which plans are drawn. */
export class FaultMenu {
  readonly #definitions: readonly FaultDefinition[];
  readonly #variants: readonly (readonly Parameters[])[];
  readonly #entries = new Map<number, FaultEntry>();

  constructor(definitions: readonly FaultDefinition[]) {
    this.#definitions = definitions;
    this.#variants = definitions.map(variantsOf);
  }

  get isEmpty(): boolean {
    return this.#definitions.length === 0;
  }

  /** A fault by chance: which, with what parameters, where, and when. */
  draw(chance: SeededChance): FaultEntry {
    const which = chance.below(this.#definitions.length);
    const [variant, side, half, trigger, times] = [
      chance.below(VARIANTS),
      chance.below(SIDES.length),
      chance.below(3),
      chance.below(TRIGGERS.length),
      chance.below(TIMES.length),
    ];
    const place = (((which * VARIANTS + variant) * SIDES.length + side) * 3 + half) * TRIGGERS.length + trigger;
    const key = place * TIMES.length + times;
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const definition = this.#definitions[which];
    const parameters = this.#variants[which]?.[variant];
    const entry = entryOf(definition, {
      ...parameters,
      side: SIDES[side],
      half: definition?.halves[half],
      when: TRIGGERS[trigger],
      times: TIMES[times],
    });
    if (this.#entries.size >= MAX_KEPT_ENTRIES) this.#entries.clear();
    this.#entries.set(key, entry);
    return entry;
  }
}

function entryOf(definition: FaultDefinition | undefined, fields: Parameters): FaultEntry {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { fault: definition?.name ?? '', ...Object.fromEntries(given) };
}

/** What a fault's own schema lets be drawn; a set that it refuses is that of the defaults. */
function variantsOf(definition: FaultDefinition): Parameters[] {
  const chance = new SeededChance(...Buffer.from(definition.name));
  const { properties = {} } = z.toJSONSchema(definition.parameters, { io: 'input', unrepresentable: 'any' });
  return Array.from({ length: VARIANTS }, (_, variant) => {
    if (variant === 0) return {};
    const drawn = Object.entries(properties).map(([name, schema]) => [name, valueOf(schema, chance)] as const);
    const parameters = Object.fromEntries(drawn.filter(([, value]) => value !== undefined));
    return definition.parameters.safeParse(parameters).success ? parameters : {};
  });
}

/** undefined: the default. */
function valueOf(schema: z.core.JSONSchema._JSONSchema, chance: SeededChance): unknown {
  if (typeof schema === 'boolean') return undefined;
  const { type, minimum = -Infinity, maximum = Infinity } = schema;
  const values =
    schema.enum ??
    (type === 'integer' ? INTEGERS : type === 'number' ? NUMBERS : type === 'boolean' ? [true, false] : []);
  const possible = values.filter((value) => typeof value !== 'number' || (value >= minimum && value <= maximum));
  return possible[chance.below(Math.max(1, possible.length))];
}
