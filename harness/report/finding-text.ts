import type { Finding } from '../../src/diagnose/finding.ts';
import { sideOf } from '../../src/diagnose/connection-picture.ts';
import { thousands } from './format-number.ts';

/** `over-report-spin, a -> b, b's writing half` */
export function findingTitle({ class: name, direction, half }: Pick<Finding, 'class' | 'direction' | 'half'>): string {
  const whose =
    half === undefined ? '' : `, ${sideOf(direction, half)}'s ${half === 'read' ? 'reading' : 'writing'} half`;
  return `${name}, ${direction}${whose}`;
}

/** `finding: over-report-spin (a -> b): A write was offered 68 bytes …` on one line. */
export function findingLine({ class: name, direction, meaning, more }: Finding): string {
  return `${name} (${direction}): ${meaning}${more > 0 ? ` (${thousands(more)} more times)` : ''}`;
}

/** `github.com/tokio-rs/tokio/pull/4125` */
export function publicLink(reference: string): string {
  return `github.com/${reference}`;
}

/** `offered 68, reported 69` */
export function numbersText(numbers: Readonly<Record<string, number>>): string {
  return Object.entries(numbers)
    .map(([name, value]) => `${spaced(name)} ${Number.isFinite(value) ? thousands(value) : String(value)}`)
    .join(', ');
}

/** `sinceMs` as `since ms`. */
function spaced(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').toLowerCase();
}
