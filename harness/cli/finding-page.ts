import { classInfoOf } from '../../src/diagnose/class-info-of.ts';
import type { FindingClass } from '../../src/diagnose/finding-class.ts';
import type { Coverage } from '../findings/coverage.ts';
import { publicLink } from '../report/finding-text.ts';
import type { Page } from '../report/page.ts';

const SHOWN_DOCUMENTS = 3;

/** All that there is to know of one class: what goes wrong, where to look, what a trace must have, where it is provoked. */
export function findingPage(page: Page, name: FindingClass, coverage: Coverage | undefined): void {
  const { summary, lookAt, seeAlso, needs, explains } = classInfoOf(name);
  const row = (label: string, text: string): void => {
    if (text !== '') page.row(`  ${page.paint('dim', label)}`, text, 14);
  };
  page.row(page.paint('bold', name), summary, name.length + 2);
  row('look at', lookAt);
  row('needs', needs.map((set) => set.join(' or ')).join(', and ') || 'the calls of the copy, and nothing else');
  row('explains', explains.join(', '));
  row('see also', seeAlso.map(publicLink).join(', '));
  if (coverage === undefined) return;
  const { provokedBy, tests, nearMiss, model } = coverage;
  row('provoked by', [...provokedBy.slice(0, SHOWN_DOCUMENTS), ...tests].join(', '));
  row('near miss', nearMiss ?? '');
  row('model', model ?? '');
}
