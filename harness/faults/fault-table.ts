import type { FaultDefinition, FaultLevel } from './fault-definition.ts';
import { parametersLine } from './describe-fault.ts';
import { FAULTS } from './fault-registry.ts';

/** The table of a level's faults as Markdown, for docs/faults.md, which a test holds to it. */
export function faultTable(level: FaultLevel): string {
  const rows = FAULTS.filter((fault) => fault.level === level).map(rowOf);
  return [
    '| fault | what it does | fields (default) | acts on | counts | provokes |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function rowOf(fault: FaultDefinition): string {
  const { name, summary, halves, defaultHalves = halves, calls, benign } = fault;
  const others = halves.filter((half) => !defaultHalves.includes(half));
  const acts = `${defaultHalves.join(', ')}${others.length > 0 ? ` (or ${others.join(', ')})` : ''}`;
  const provokes = [...(fault.class === undefined ? [] : [`\`${fault.class}\``]), ...(benign ? ['benign'] : [])];
  return `| \`${name}\` | ${summary} | ${parametersLine(fault).replaceAll('|', String.raw`\|`)} | ${acts} | ${calls} | ${provokes.join(', ')} |`;
}
