import { classInfoOf } from './class-info-of.ts';
import type { Found } from './diagnosed-connection.ts';
import type { Consequence, Finding } from './finding.ts';
import { FAMILIES, FINDING_CLASSES, type FindingClass } from './finding-class.ts';

/** What belongs to the bytes of one direction: of the other it is another defect. */
const OF_ONE_DIRECTION: ReadonlySet<FindingClass> = new Set<FindingClass>([
  ...FAMILIES.accounting,
  ...FAMILIES.loss,
  'flush-abandoned',
  'flush-lies',
  'shutdown-drops-tail',
]);
/** What ends the whole copy, or keeps it from ever coming to its other direction. */
const OF_THE_WHOLE_COPY: ReadonlySet<FindingClass> = new Set<FindingClass>([
  'never-yields',
  'shutdown-error-kills-both',
  'shutdown-is-full-close',
  'premature-teardown',
  'zero-write',
]);

/**
 * The findings of one connection: causes in the order in which they showed, each with those that it explains by its class. The
 * consequence of a consequence is one, too.
 */
export function leadingFindings(connection: number, found: Iterable<Found>): Finding[] {
  const inOrder = [...found].sort((one, other) => one.report.seq - other.report.seq || rank(one) - rank(other));
  const explainedBy = new Map<Found, Found>();
  for (const later of inOrder) {
    const cause = inOrder.find((one) => one !== later && explains(one, later) && !explains(later, one));
    if (cause !== undefined) explainedBy.set(later, cause);
  }
  return inOrder
    .filter((one) => !explainedBy.has(one))
    .map((one) =>
      findingOf(
        connection,
        one,
        inOrder.filter((other) => rootOf(other, explainedBy) === one && other !== one),
      ),
    );
}

/** Of what shows at one and the same event, the class that comes first in the taxonomy is told first. */
function rank({ report }: Found): number {
  return FINDING_CLASSES.indexOf(report.class);
}

function explains({ report: cause }: Found, { report: effect }: Found): boolean {
  if (!classInfoOf(cause.class).explains.includes(effect.class)) return false;
  return (
    cause.direction === effect.direction || !OF_ONE_DIRECTION.has(effect.class) || OF_THE_WHOLE_COPY.has(cause.class)
  );
}

function rootOf(found: Found, explainedBy: ReadonlyMap<Found, Found>): Found {
  let root = found;
  for (let steps = 0; steps <= explainedBy.size; steps += 1) root = explainedBy.get(root) ?? root;
  return root;
}

function findingOf(connection: number, { report, more }: Found, consequences: readonly Found[]): Finding {
  const info = classInfoOf(report.class);
  const events = [...new Set([...(report.events ?? []), report.seq])].filter((seq) => seq >= 0);
  return {
    class: report.class,
    connection,
    direction: report.direction,
    ...(report.half === undefined ? {} : { half: report.half }),
    seq: report.seq,
    evidence: { events: events.sort((one, other) => one - other), numbers: report.numbers ?? {} },
    meaning: report.meaning,
    lookAt: report.lookAt ?? info.lookAt,
    seeAlso: info.seeAlso,
    confidence: report.confidence ?? 'certain',
    readings: report.readings ?? [],
    more,
    consequences: consequences.map(({ report: { class: name, direction, seq } }): Consequence => ({
      class: name,
      direction,
      seq,
    })),
  };
}
