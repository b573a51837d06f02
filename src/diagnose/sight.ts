import { EVENT_KINDS, Kind, type EventKind } from '../trace/event-kind.ts';
import { classInfoOf } from './class-info-of.ts';
import { FINDING_CLASSES, type FindingClass } from './finding-class.ts';
import { UNSEEN_CLASSES, type Sight } from './unseen-classes.ts';

/** A class of which a trace says nothing. */
export interface Unjudged {
  readonly class: FindingClass;
  /** The kinds of event that are missing: of each set one would be enough. */
  readonly missing: readonly (readonly EventKind[])[];
  /** What the way in which all its connections were recorded cannot show. */
  readonly why?: string;
}

/** What the iterations of the loop show by themselves, as a patched program prints them. */
const BY_LOOPS: ReadonlySet<FindingClass> = new Set(['over-report-spin']);
const CALLS: readonly EventKind[] = ['read', 'write'];

/**
 * Which classes a trace cannot show, by the kinds of event that are in it, and by how its connections were recorded.
 * @param kinds as bits, as `Diagnosis.kinds` has them.
 * @param sights as `Diagnosis.sights` has them.
 */
export function unjudgedClasses(kinds: number, sights: ReadonlySet<Sight> = new Set()): Unjudged[] {
  const has = (kind: EventKind): boolean => (kinds & (1 << EVENT_KINDS.indexOf(kind))) !== 0;
  const hasLoops = (kinds & (1 << Kind.LOOP)) !== 0;
  return FINDING_CLASSES.flatMap((name) => {
    const needs = hasLoops && BY_LOOPS.has(name) ? classInfoOf(name).needs : [CALLS, ...classInfoOf(name).needs];
    const missing = needs.filter((set) => !set.some(has));
    const why = unseenBy(sights, name);
    if (why !== null) return [{ class: name, missing, why }];
    return missing.length === 0 ? [] : [{ class: name, missing }];
  });
}

/** Why none of its connections can show it; null: one may. */
function unseenBy(sights: ReadonlySet<Sight>, name: FindingClass): string | null {
  const whys = [...sights].map((sight) => UNSEEN_CLASSES[sight][name] ?? null);
  const [first = null] = whys;
  return whys.includes(null) ? null : first;
}
