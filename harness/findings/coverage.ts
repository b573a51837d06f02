import { basename, dirname, join } from 'node:path';
import { FINDING_CLASSES, type FindingClass } from '../../src/diagnose/finding-class.ts';
import type { ScenarioDocument } from '../scenario/parse-scenario.ts';
import type { Expectation } from '../scenario/scenario.ts';
import { OTHER_EVIDENCE, type OtherEvidence } from './other-evidence.ts';

/** What shows that a class is found where it is, and only there. Paths are those of the documents. */
export interface Coverage {
  readonly class: FindingClass;
  /** Documents whose first finding is of this class, the one that has a near miss first. */
  readonly provokedBy: readonly string[];
  /** The same without the defect, in which nothing is found; null: there is none. */
  readonly nearMiss: string | null;
  readonly tests: readonly string[];
  readonly model: string | null;
}

/** What the documents, and the list of other evidence, have of each class. */
export function coverageOf(
  documents: readonly ScenarioDocument[],
  others: Partial<Readonly<Record<FindingClass, OtherEvidence>>> = OTHER_EVIDENCE,
): Coverage[] {
  const healthy = new Set(documents.filter(isHealthy).map(({ file }) => file));
  return FINDING_CLASSES.map((name) => {
    const own = documents
      .filter(({ scenario }) => scenario.expect.findings?.[0]?.class === name)
      .map(({ file }) => file);
    const { first, tests = [], nearMiss = null, model = null } = others[name] ?? {};
    const beside = own.find((file) => healthy.has(nearMissOf(file)));
    const leading = first ?? beside;
    const provokedBy = leading === undefined ? own : [leading, ...own.filter((file) => file !== leading)];
    return {
      class: name,
      provokedBy,
      nearMiss: nearMiss ?? (beside === undefined ? null : nearMissOf(beside)),
      tests,
      model,
    };
  });
}

/** `end/never.md` has `end/never-near-miss.md`. */
function nearMissOf(file: string): string {
  return join(dirname(file), `${basename(file, '.md')}-near-miss.md`);
}

function isHealthy({ scenario: { expect } }: ScenarioDocument): boolean {
  return findsNothing(expect);
}

export function findsNothing({ findings }: Expectation): boolean {
  return findings?.length === 0;
}
