import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installedProject, runIn } from '../installed-project.ts';

/** vitest's own `--shard` and blob reports with everything of ours in them: documents, campaigns, a failure, a test that is stuck. */
const SHARDS = 4;
let project = '';

const DOCUMENT = (sent: number, expected: number): string => `# ${sent} bytes\n\nWhat was sent arrives.\n
\`\`\`yaml
dialects: [checked, tokio-1.53.1]
a: { read: [${sent}] }
expect: { outcome: completed, counts: { aToB: ${expected} } }
\`\`\`
`;
const CAMPAIGN = (part: string, more = ''): string =>
  `import { campaignTest } from 'relayscope/vitest';\ncampaignTest({ seed: 42, runs: 2000, part: '${part}'${more} });\n`;

const FILES: Readonly<Record<string, string>> = {
  'vitest.config.ts': `import { documents } from 'relayscope/vitest/config';
import { defineConfig } from 'vitest/config';
export default defineConfig({
  plugins: [documents()],
  test: { setupFiles: ['relayscope/vitest/guard'], testTimeout: 2000 },
});
`,
  // All that a test came to, and where it was told, as one object.
  'all-results.js': `import { writeFileSync } from 'node:fs';
export default class {
  onTestRunEnd(modules) {
    const tests = modules.flatMap((module) => [...module.children.allTests()].map((test) => ({
      name: module.relativeModuleId + ' > ' + test.fullName,
      state: test.result().state,
      errors: (test.result().errors ?? []).map((error) => error.message),
      attached: test.annotations().map(({ attachment }) => attachment?.path ?? null),
    })));
    writeFileSync(process.env.RESULTS, JSON.stringify(tests));
  }
}
`,
  'scenarios/one.md': DOCUMENT(1, 1),
  'scenarios/two.md': DOCUMENT(2, 2),
  'scenarios/wrong.md': DOCUMENT(3, 4),
  'test/campaign-1.test.ts': CAMPAIGN('1/4'),
  'test/campaign-2.test.ts': CAMPAIGN('2/4'),
  'test/campaign-3.test.ts': CAMPAIGN('3/4', ", faults: ['swallow']"),
  'test/campaign-4.test.ts': CAMPAIGN('4/4'),
  'test/stuck.test.ts': `import { expect, test } from 'vitest';
test('before it', () => {
  expect(1).toBe(1);
});
test('spins for ever', () => {
  for (let turns = 0; ; turns += 1) if (turns < 0) break;
});
`,
  'test/well.test.ts': `import { expect, test } from 'vitest';
test('is well', () => {
  expect(1).toBe(1);
});
`,
};

interface TestResult {
  readonly name: string;
  readonly state: string;
  readonly errors: readonly string[];
  readonly attached: readonly (string | null)[];
}

beforeAll(() => {
  project = installedProject(null, ['vitest@5.1.2']);
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
}, 300_000);

afterAll(() => {
  rmSync(project, { recursive: true });
});

function resultsOf(args: string, name: string): { status: number | null; tests: TestResult[]; text: string } {
  const command = `RESULTS=${name} npx vitest run --reporter=./all-results.js ${args}`;
  const { status, text } = runIn(project, command);
  return { status, text, tests: JSON.parse(readFileSync(join(project, name), 'utf8')) as TestResult[] };
}

test('four shards, merged: every test exactly once, with its failure, its attachments, and the one that was stuck', () => {
  const shards = Array.from({ length: SHARDS }, (_, index) => {
    const shard = index + 1;
    // Each shard is a machine of its own: what another has found is no test file there.
    rmSync(join(project, 'capsules'), { recursive: true, force: true });
    return resultsOf(
      `--shard=${shard}/${SHARDS} --reporter=blob --outputFile.blob=blobs/${shard}.json`,
      `shard-${shard}.json`,
    );
  });
  const merged = resultsOf('--merge-reports=blobs --reporter=default', 'merged.json');
  expect(merged.status).toBe(1);

  const names = merged.tests.map(({ name }) => name);
  expect(new Set(names)).toEqual(
    new Set([
      'scenarios/one.md > 1 bytes > checked',
      'scenarios/one.md > 1 bytes > tokio-1.53.1',
      'scenarios/two.md > 2 bytes > checked',
      'scenarios/two.md > 2 bytes > tokio-1.53.1',
      'scenarios/wrong.md > 3 bytes > checked',
      'scenarios/wrong.md > 3 bytes > tokio-1.53.1',
      'test/campaign-1.test.ts > campaign checked, seed 42, runs 0 to 499',
      'test/campaign-2.test.ts > campaign checked, seed 42, runs 500 to 999',
      'test/campaign-3.test.ts > campaign checked, seed 42, runs 1,000 to 1,499',
      'test/campaign-4.test.ts > campaign checked, seed 42, runs 1,500 to 1,999',
      'test/stuck.test.ts > before it',
      'test/stuck.test.ts > spins for ever',
      'test/well.test.ts > is well',
    ]),
  );
  expect(names).toHaveLength(13);
  // Nothing is lost on the way, and nothing changed: neither what a shard has said, nor what it had attached.
  expect(merged.tests.toSorted(byName)).toEqual(shards.flatMap(({ tests }) => tests).toSorted(byName));

  const failed = merged.tests.filter(({ state }) => state !== 'passed').toSorted(byName);
  expect(failed.map(({ name, state }) => `${name}: ${state}`)).toEqual([
    'scenarios/wrong.md > 3 bytes > checked: failed',
    'scenarios/wrong.md > 3 bytes > tokio-1.53.1: failed',
    'test/campaign-3.test.ts > campaign checked, seed 42, runs 1,000 to 1,499: failed',
    'test/stuck.test.ts > spins for ever: failed',
  ]);
  const [document, , campaign, stuck] = failed;
  expect(document?.errors.join('\n')).toContain('counts.aToB: expected 4, got 3');
  expect(merged.text).toContain('again: relayscope run scenarios/wrong.md --dialect checked --not-swapped');
  expect(campaign?.errors.join('\n')).toMatch(
    /again: relayscope run capsules\/accounting-seed-42-run-1\d{3}\.capsule\.json/,
  );
  for (const one of [document, campaign]) {
    expect(one?.attached).not.toEqual([]);
    for (const path of one?.attached ?? []) expect([path, existsSync(path ?? '')]).toEqual([path, true]);
  }
  expect(stuck?.errors.join('\n')).toMatch(/^A loop does not end in .*stuck\.test\.ts:6\)/);
  expect(merged.text).toContain('test/stuck.test.ts');
  // Those that share its machine have their results as well.
  const shard = shards.find(({ tests }) => tests.some(({ name }) => name === stuck?.name));
  expect(new Set(shard?.tests.map(({ name }) => name.split(' > ')[0])).size).toBeGreaterThan(1);
}, 600_000);

function byName(x: TestResult, y: TestResult): number {
  return x.name < y.name ? -1 : 1;
}
