import { basename } from 'node:path';
import { classInfoOf } from '../../src/diagnose/class-info-of.ts';
import { FAMILIES, type FamilyName, type FindingClass } from '../../src/diagnose/finding-class.ts';
import type { Coverage } from './coverage.ts';

/** What the classes of a family have in common, for a heading. */
export const FAMILY_HEADINGS: Readonly<Record<FamilyName, string>> = {
  accounting: 'Accounting: a count that is not true',
  'wake-ups': 'Wake-ups: nobody is told that it could go on',
  livelock: 'Livelock: it works, and does not get on',
  'flush-and-shutdown': 'Flush and shutdown: what was taken does not leave',
  termination: 'Termination: an end that does not come, or takes too much with it',
  'back-pressure': 'Back-pressure: who waits for whom',
  loss: 'Loss: bytes that are gone',
};

/** The tables of all classes as Markdown, for docs/findings.md, which a test holds to it. */
export function findingTables(coverage: readonly Coverage[]): string {
  // The keys of a constant table.
  const families = Object.keys(FAMILIES) as FamilyName[];
  const sections = families.map((family) => {
    const names: readonly FindingClass[] = FAMILIES[family];
    const rows = coverage.filter((one) => names.includes(one.class)).map(rowOf);
    return [
      `### ${FAMILY_HEADINGS[family]}`,
      '',
      '| class | what goes wrong | provoked by | near miss | needs, beyond the calls of the copy |',
      '|---|---|---|---|---|',
      ...rows,
    ].join('\n');
  });
  const whole = coverage.filter(isWhole).length;
  const count = `${whole} of ${coverage.length} classes are provoked by a real defect and have a near miss in which nothing is found.`;
  return [...sections, count].join('\n\n');
}

/** Provoked by a real defect, with a near miss. */
export function isWhole({ provokedBy, tests, nearMiss }: Coverage): boolean {
  return provokedBy.length + tests.length > 0 && nearMiss !== null;
}

function rowOf(one: Coverage): string {
  const { summary, needs } = classInfoOf(one.class);
  const events = needs.map((set) => set.map((kind) => `\`${kind}\``).join(' or ')).join(', and ');
  const missing = one.nearMiss === null ? '**missing**' : link(one.nearMiss);
  return `| \`${one.class}\` | ${summary.replaceAll('|', String.raw`\|`)} | ${provokers(one)} | ${missing} | ${events === '' ? 'nothing' : events} |`;
}

function provokers({ provokedBy: [first, ...more], tests, model }: Coverage): string {
  const parts = [
    ...(first === undefined ? [] : [`${link(first)}${more.length > 0 ? ` and ${more.length} more` : ''}`]),
    ...tests.map(link),
    ...(model === null ? [] : [`a model: ${link(model)}`]),
  ];
  return parts.length === 0 ? '**missing**' : parts.join('; ');
}

/** From docs/. */
function link(path: string): string {
  return `[${basename(path).replace(/\.(?:test\.ts|ts|md)$/, '')}](../${path})`;
}
