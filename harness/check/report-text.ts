import type { CheckReport } from './check-report.ts';

/** A report for a person: each law on a line, then what shows that it is broken. */
export function reportText({ broken, passed, seed, runs }: Omit<CheckReport, 'text'>): string {
  const lines = broken.flatMap(({ law, message, shrunk, reproduction }) => [
    `${law}: broken`,
    `  ${message}`,
    shrunk ? '  The smallest case that shows it:' : '  A case that shows it (not made small):',
    ...reproduction.split('\n').map((line) => `  ${line}`),
  ]);
  if (passed.length > 0) lines.push(`Held: ${passed.join(', ')}`);
  lines.push(`${runs} cases, seed ${seed}`);
  return lines.join('\n');
}
