import type { Page } from '../report/page.ts';
import type { FaultDefinition, FaultLevel } from '../faults/fault-definition.ts';
import { parameterTexts } from '../faults/describe-fault.ts';

/** What a fault of each level is about. */
export const LEVEL_HEADINGS: Readonly<Record<FaultLevel, string>> = {
  poll: 'poll: of a polled stream',
  websocket: 'websocket: of the frames of a WebSocket',
  transport: 'transport: of the bytes of a TCP connection',
};

/** All that a plan's author has to know of one fault: what it does, its fields, where and when it acts, and an entry to start from. */
export function faultPage(page: Page, fault: FaultDefinition): void {
  const { name, summary, level, halves, defaultHalves = halves, calls, benign } = fault;
  const parameters = parameterTexts(fault);
  const row = (label: string, text: string): void => {
    page.row(`  ${page.paint('dim', label)}`, text, 14);
  };
  page.row(page.paint('bold', name), summary, name.length + 2);
  row('level', LEVEL_HEADINGS[level]);
  for (const [index, { name: field, what, byDefault }] of parameters.entries()) {
    const value = byDefault === undefined ? '' : ` (default: ${JSON.stringify(byDefault)})`;
    row(index === 0 ? 'fields' : '', `${field}: ${what}${value}`);
  }
  row(
    parameters.length === 0 ? 'fields' : '',
    'side, half, connection, when, times, forMs: as every fault (docs/faults.md)',
  );
  const others = halves.filter((half) => !defaultHalves.includes(half));
  row(
    'acts on',
    `${defaultHalves.join(', ')}${others.length === 0 ? '' : `; on ${others.join(', ')} where half says so`}`,
  );
  row('counts', `${calls}, for when: { call: N } and { every: N }`);
  if (fault.class !== undefined) row('provokes', `the finding ${fault.class}`);
  if (benign) row('benign', 'a correct copy comes through it with every byte');
  const values = parameters.flatMap(({ name: field, byDefault }) =>
    byDefault === undefined ? [] : [`, ${field}: ${JSON.stringify(byDefault)}`],
  );
  row('in a plan', `- { fault: ${name}${values.join('')} }`);
}
