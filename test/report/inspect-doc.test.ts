import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import { EVENT_COLUMNS } from '../../harness/report/trace-tables.ts';
import { capturedIo } from '../cli/captured-io.ts';
import { STORY_ITEMS, traceBytes } from './support/story.ts';

/** What docs/inspect.md shows, run. */

const page = readFileSync(join(import.meta.dirname, '../../docs/inspect.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text ?? '');
const folder = mkdtempSync(join(tmpdir(), 'relayscope-doc-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function inspect(content: string | Uint8Array, ...args: string[]): Promise<string> {
  const path = join(folder, 'a.trace');
  writeFileSync(path, content);
  const { io, out, err } = capturedIo();
  expect({ code: await runCli(['inspect', path, ...args], io), err: err() }).toEqual({ code: 0, err: '' });
  return out();
}

test('each query runs, and finds something', async () => {
  expect(blocks('sql')).toHaveLength(3);
  for (const sql of blocks('sql')) {
    const answer = JSON.parse(await inspect(traceBytes(STORY_ITEMS), '--json', '--sql', sql)) as { rows: unknown[] };
    expect(answer.rows).not.toEqual([]);
  }
});

test('every column is explained', () => {
  for (const name of EVENT_COLUMNS) expect(page).toContain(`\`${name}\``);
});

test('each line of printed text is recognised', async () => {
  const lines = blocks('').find((block) => block.startsWith('2021-08-30')) ?? '';
  expect(await inspect(lines)).toContain('4 lines read, 4 recognised');
});
