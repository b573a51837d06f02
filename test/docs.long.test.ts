import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { blocksOf, missingLine } from './documented-session.ts';
import { installedProject, runIn } from './installed-project.ts';

/**
 * Pages that a reader follows in a project of their own: every block is put there as the page says, and every session
 * gives what the page says that it gives, with the package as npm would install it.
 */

const root = join(import.meta.dirname, '..');
const PAGES = ['stuck-tests', 'matchers', 'check', 'properties', 'ci'];
const installed = installedProject(null, ['vitest@5', 'fast-check@4', 'typescript@7']);

afterAll(() => {
  rmSync(installed, { recursive: true });
});

describe.each(PAGES)('docs/%s.md', (name) => {
  test('every block does what the page says', () => {
    const page = readFileSync(join(root, 'docs', `${name}.md`), 'utf8');
    const folder = mkdtempSync(join(tmpdir(), `relayscope-${name}-`));
    cpSync(installed, folder, { recursive: true, verbatimSymlinks: true });
    const failures: string[] = [];
    const blocks = blocksOf(page);
    expect(blocks.length).toBeGreaterThan(0);
    for (const block of blocks) {
      if (block.kind === 'file') write(join(folder, block.path), block.text);
      if (block.kind === 'test') {
        const file = `block-${block.line}.test.${block.language}`;
        write(join(folder, file), block.text);
        const { status, text } = runIn(folder, `vitest run ${file}`);
        if (status !== 0) failures.push(`line ${block.line}: exit code ${status}\n${text}`);
        rmSync(join(folder, file));
      }
      if (block.kind === 'session') {
        for (const { command, lines, exitCode } of block.commands) {
          const { status, text } = runIn(folder, command);
          const missing = missingLine(lines, text);
          if (status === exitCode && missing === null) continue;
          const what = missing === null ? '' : `, without the line "${missing}"`;
          failures.push(`line ${block.line}: ${command}: exit code ${status}${what}\n${text}`);
        }
      }
    }
    rmSync(folder, { recursive: true });
    expect(failures).toEqual([]);
  });
});

function write(path: string, text: string): void {
  if (!existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
