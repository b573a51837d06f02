import { EVENT_KINDS, Kind, type EventKind } from '../trace/event-kind.ts';
import { classInfoOf } from './class-info-of.ts';
import { FINDING_CLASSES, type FindingClass } from './finding-class.ts';

/** A class of which a trace says nothing, and the kinds of event that are missing: of each set one would be enough. */
export interface Unjudged {
  readonly class: FindingClass;
  readonly missing: readonly (readonly EventKind[])[];
}

/** What the iterations of the loop show by themselves, as a patched program prints them. */
const BY_LOOPS: ReadonlySet<FindingClass> = new Set(['over-report-spin']);
const CALLS: readonly EventKind[] = ['read', 'write'];

/**
 * Which classes a trace cannot show, by the kinds of event that are in it.
 * @param kinds as bits, as `Diagnosis.kinds` has them.
 */
export function unjudgedClasses(kinds: number): Unjudged[] {
  const has = (kind: EventKind): boolean => (kinds & (1 << EVENT_KINDS.indexOf(kind))) !== 0;
  const hasLoops = (kinds & (1 << Kind.LOOP)) !== 0;
  return FINDING_CLASSES.flatMap((name) => {
    const needs = hasLoops && BY_LOOPS.has(name) ? classInfoOf(name).needs : [CALLS, ...classInfoOf(name).needs];
    const missing = needs.filter((set) => !set.some(has));
    return missing.length === 0 ? [] : [{ class: name, missing }];
  });
}
