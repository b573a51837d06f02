import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { expect, test } from 'vitest';
import { SIGHTINGS, type Sighting } from './support/sightings.ts';

/** What docs/faults-websocket.md shows is what the tests against real peers have. */

const page = readFileSync(join(import.meta.dirname, '../../../docs/faults-websocket.md'), 'utf8');

function marked(name: string): string {
  return new RegExp(`<!-- ${name} -->\n\n([\\s\\S]*?)\n\n<!-- end -->`).exec(page)?.[1] ?? '';
}

function formatted(markdown: string): Promise<string> {
  return format(markdown, { parser: 'markdown', printWidth: 120 });
}

function rowOf({ fault, options, ws, undici }: Sighting): string {
  const { fault: name, when: _when, ...parameters } = fault;
  const fields = Object.entries(parameters).map(([field, value]) => `${field} ${String(value)}`);
  const what = [`\`${name}\``, ...fields, ...(options?.deflate === true ? ['(permessage-deflate)'] : [])].join(' ');
  const cells = [ws, undici ?? '–'].map((cell) => cell.replace(' | ', ' → '));
  return `| ${what} | ${cells.join(' | ')} |`;
}

test('the table of what peers do is what was seen', async () => {
  const rows = SIGHTINGS.map((sighting) => rowOf(sighting));
  const table = ['| fault | `ws` | undici |', '|---|---|---|', ...rows].join('\n');
  expect(marked('sightings')).toBe((await formatted(table)).trimEnd());
});
