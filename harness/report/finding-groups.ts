import type { Finding } from '../../src/diagnose/finding.ts';

/** Findings that say the same of several connections, by the first of them. */
export interface FindingGroup {
  readonly first: Finding;
  /** The other connections. */
  readonly others: readonly number[];
}

/** One group for each class, direction and half, in the order in which they came; those of one connection first. */
export function groupFindings(findings: readonly Finding[], foremost: number | undefined): FindingGroup[] {
  const groups = new Map<string, { first: Finding; others: number[] }>();
  const inOrder = [
    ...findings.filter(({ connection }) => connection === foremost),
    ...findings.filter(({ connection }) => connection !== foremost),
  ];
  for (const finding of inOrder) {
    const key = `${finding.class} ${finding.direction} ${finding.half ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: finding, others: [] });
    else group.others.push(finding.connection);
  }
  return [...groups.values()];
}
