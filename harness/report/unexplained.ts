import type { Finding } from '../../src/diagnose/finding.ts';
import type { Verdict } from '../../src/trace/trace-note.ts';
import { isStuck } from '../../src/watch/is-stuck.ts';
import type { DiagnosedTrace } from './diagnose-trace.ts';

/** The latest verdict, if it says that something is stuck and no finding tells why. */
export function unexplained(
  { notes }: Pick<DiagnosedTrace, 'notes'>,
  findings: readonly Finding[],
  connection: number | null,
): Verdict | null {
  const latest = notes.verdicts.kept.at(-1);
  if (findings.length > 0 || latest === undefined || !isStuck(latest)) return null;
  return connection === null || latest.connection === undefined || latest.connection === connection ? latest : null;
}
