import type { Finding } from '../../src/diagnose/finding.ts';
import { classInfoOf } from '../../src/diagnose/class-info-of.ts';
import { FAMILIES, type FamilyName } from '../../src/diagnose/finding-class.ts';
import { unjudgedClasses } from '../../src/diagnose/sight.ts';
import type { DiagnosedTrace } from './diagnose-trace.ts';
import { publicLink } from './finding-text.ts';
import type { TraceInput } from './open-input.ts';
import { proofEvents } from './why-proof.ts';

/** So many findings are listed. */
const MAX_LISTED = 1000;

/** What `why --json` prints. Strings stand as they are in the trace: JSON escapes what a terminal could take amiss. */
export function whyJson(input: TraceInput, trace: DiagnosedTrace, findings: readonly Finding[]): object {
  const { notes } = trace;
  const listed = findings.slice(0, MAX_LISTED);
  return {
    schema: 1,
    file: input.name,
    format: input.format,
    about: notes.about,
    counts: {
      events: trace.events,
      connections: trace.connections,
      forgotten: trace.forgotten,
      missing: trace.missing,
      findings: findings.length,
    },
    verdict: notes.verdicts.kept.at(-1) ?? null,
    stack: notes.stacks.kept.at(-1) ?? null,
    findings: listed.map((finding) => whyFinding(finding, trace)),
    leftOut: findings.length - listed.length + trace.unkept,
    failed: trace.failed.kept,
    notJudged: unjudgedClasses(trace.kinds, trace.sights),
    warnings: { count: notes.warnings.count, list: notes.warnings.kept },
  };
}

function whyFinding(finding: Finding, trace: DiagnosedTrace): object {
  const { class: name, connection, seeAlso, ...rest } = finding;
  const note = trace.notes.names.get(connection);
  return {
    class: name,
    family: familyOf(name),
    summary: classInfoOf(name).summary,
    connection,
    ...(note?.a === undefined ? {} : { a: note.a }),
    ...(note?.b === undefined ? {} : { b: note.b }),
    ...rest,
    seeAlso: seeAlso.map((reference) => `https://${publicLink(reference)}`),
    around: proofEvents(finding, trace),
  };
}

function familyOf(name: string): FamilyName | undefined {
  // The keys of a constant table.
  const names = Object.keys(FAMILIES) as FamilyName[];
  return names.find((family) => (FAMILIES[family] as readonly string[]).includes(name));
}
