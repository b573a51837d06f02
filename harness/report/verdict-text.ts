import { printable } from '../../src/printable.ts';
import type { Verdict } from '../../src/trace/trace-note.ts';
import type { Page, Style } from './page.ts';

/** `spinning: The loop of the copy goes round without I/O …` */
export function verdictText(page: Page, verdict: Verdict): string {
  return `${page.paint(styleOf(verdict), verdict.outcome)}: ${printable(verdict.message)}`;
}

function styleOf({ outcome }: Verdict): Style {
  if (outcome === 'completed' || outcome === 'recovered') return 'green';
  return outcome === 'busy' || outcome === 'waiting' || outcome === 'unfinished' ? 'yellow' : 'red';
}
