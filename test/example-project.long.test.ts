import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf, missingLine } from './documented-session.ts';
import { installedProject, runIn } from './installed-project.ts';

/**
 * The project that README's section shows, outside the repository, with the package as npm would install it: in every
 * release of vitest and of Node that the package says it works with.
 */

const template = join(import.meta.dirname, '../fixtures/example-project');
const NODE_MAJORS = [22, 24, 26];

describe.each(['vitest@5.1.2', 'vitest@4.1.12'])('with %s', (vitest) => {
  let folder = '';

  beforeAll(() => {
    folder = installedProject(template, [vitest]);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test.for(NODE_MAJORS)('on Node %i its tests pass, and the guard ends and names the one that is stuck', (major) => {
    const { text: nodePath } = runIn(folder, `npx -y -p node@${major} node -p process.execPath`);
    const options = { nodePath: dirname(nodePath.trim()) };
    expect(runIn(folder, 'node -v', options).text).toMatch(`v${major}.`);
    expect(runIn(folder, 'vitest --version', options).text).toContain(vitest.replace('@', '/'));
    const passed = runIn(folder, 'vitest run', options);
    expect(passed.status, passed.text).toBe(0);
    const stuck = runIn(folder, 'vitest run --config vitest.stuck.config.ts', options);
    expect(stuck.status, stuck.text).toBe(1);
    expect(missingLine(['Test Files 1 failed | 2 passed (3)'], stuck.text), stuck.text).toBeNull();
    expect(stuck.text).toContain('over-report-spin');
  });

  test('its types resolve', () => {
    const { status, text } = runIn(folder, 'tsc');
    expect(status, text).toBe(0);
  });

  test('its installed command runs', () => {
    expect(runIn(folder, 'npx relayscope list findings')).toMatchObject({
      status: 0,
      text: expect.stringContaining('over-report-spin') as string,
    });
  });
});

describe('README’s section on tests of one’s own', () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const section = /^## In your own tests\n[^]*?(?=^## )/m.exec(readme)?.[0] ?? '';
  const blocks = blocksOf(section);

  test('shows what stands in the project', () => {
    const files = blocks.filter((block) => block.kind === 'file');
    expect(files.map(({ path }) => path)).toContain('vitest.config.ts');
    for (const { path, text } of files) expect(readFileSync(join(template, path), 'utf8'), path).toContain(text);
  });

  test('and what comes of it', () => {
    const folder = installedProject(template, ['vitest@5.1.2']);
    const sessions = blocks.filter((block) => block.kind === 'session').flatMap(({ commands }) => commands);
    expect(sessions.length).toBeGreaterThan(0);
    for (const { command, lines, exitCode } of sessions) {
      const { status, text } = runIn(folder, command);
      expect({ status, missing: missingLine(lines, text) }, text).toEqual({ status: exitCode, missing: null });
    }
    rmSync(folder, { recursive: true });
  });
});
