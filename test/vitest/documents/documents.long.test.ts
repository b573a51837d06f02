import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { ChildProject, passedTests } from '../support/child-project.ts';

/** Documents in a stranger's project, with both versions of vitest that the package is for: as tests, and as test files. */

const ECHO = document('An echo', [
  'dialects: [checked, tokio-1.53.1]',
  'a: { read: [5] }',
  'expect:',
  '  outcome: completed',
]);
const WRONG = document('A lost reply', ['dialects: [checked]', 'b: { read: [x] }', 'expect:', '  outcome: completed']);
const LIVE = document('Real sockets', [
  'dialects: [checked]',
  'live:',
  '  relay: plain',
  '  client: [{ send: ping }, end]',
  '  origin: [{ receive: 4 }, end]',
  'expect: { outcome: completed, counts: { aToB: 4, bToA: 0 } }',
]);
const GOLDEN = document('A golden trace', [
  'dialects: [checked]',
  'a: { read: [7] }',
  'expect: { outcome: completed, golden: traces/golden/seven.ndjson }',
]);
const CAPSULE = JSON.stringify({ title: 'A capsule', dialects: ['checked'], expect: { outcome: 'completed' } });

function document(title: string, yaml: readonly string[]): string {
  return [`# ${title}`, '', 'It happened.', '', '```yaml', ...yaml, '```', ''].join('\n');
}

const IMPORT = `import { scenarioTest } from 'relayscope/vitest';`;
const ALL = { 'scenarios/echo.md': ECHO, 'scenarios/live.md': LIVE, 'scenarios/one.capsule.json': CAPSULE };

describe.each(['4.1.12', '5.1.2'])('vitest %s', (version) => {
  const project = new ChildProject(version);

  beforeEach(() => {
    project.clear();
  });
  afterAll(() => {
    project.remove();
  });

  test('a folder is a describe for each document, and a test for each of its dialects', () => {
    project.write({ ...ALL, 'test/all.test.js': `${IMPORT}\nscenarioTest('scenarios');\n` });
    const { status, text } = project.vitest('--reporter=verbose --expect.requireAssertions');
    expect(passedTests(text)).toEqual([
      'test/all.test.js > scenarios/echo.md: An echo > checked',
      'test/all.test.js > scenarios/echo.md: An echo > tokio-1.53.1',
      'test/all.test.js > scenarios/live.md: Real sockets > checked',
      'test/all.test.js > scenarios/one.capsule.json: A capsule > checked',
    ]);
    expect(status).toBe(0);
    expect(project.vitest(`-t 'An echo.*tokio'`).text).toMatch(/Tests +1 passed \| 3 skipped/);
  });

  test('a failure is what the command prints, at the line of the document, with the trace', () => {
    const test = `${IMPORT}\n\nscenarioTest('../hangs/*.md', { chunks: 'own' });\n`;
    project.write({ 'hangs/wrong.md': WRONG, 'test/hangs.test.js': test });
    const { status, text } = project.vitest('--reporter=default --reporter=github-actions');
    expect(status).toBe(1);
    expect(text).toMatch(/FAIL +test\/hangs.test.js > hangs\/wrong.md: A lost reply > checked/);
    expect(text).toContain('hangs/wrong.md: 2 of 2 runs failed: A lost reply');
    expect(text).toContain('    outcome: expected "completed", got "parked"');
    expect(text).toContain('    b -> a waits to read, and nobody is to wake it');
    expect(text).toMatch(/❯ expect.outcome hangs\/wrong.md:9:1\n ❯ test\/hangs.test.js:3:1/);
    expect(text).toMatch(/^::error file=.*test\/hangs.test.js.*line=3,/m);
    // The commands that it names do what they say.
    const again = 'relayscope run hangs/wrong.md --dialect checked --not-swapped --chunk own';
    expect(text).toContain(`    again: ${again}`);
    expect(project.run(again).status).toBe(3);
    const why = 'relayscope why traces/failed/hangs-wrong-checked.trace';
    expect(text).toContain(`trace: ${why}`);
    expect(project.run(why).text).toMatch(/finding +pending-without-waker, b -> a/);
  });

  test('what cannot be run is a test that fails with one line, and the others go on', () => {
    project.write({
      ...ALL,
      'hangs/misspelt.md': document('Misspelt', ['dialects: checked', 'expect: { outcome: completed }']),
      'test/wrong.test.js': [
        IMPORT,
        `scenarioTest('../hangs/*.md');`,
        `scenarioTest('nowhere/*.md');`,
        `scenarioTest('scenarios', { dialects: ['tokio-9'] });`,
        `scenarioTest('scenarios', { dialects: ['tokio-1.2.3'] });`,
        `scenarioTest('scenarios/echo.md');`,
        `scenarioTest('scenarios', { chunk: 'own' });`,
      ].join('\n'),
    });
    const { status, text } = project.vitest('');
    expect(status).toBe(1);
    expect(text).toContain(
      [
        'ScenarioError: hangs/misspelt.md:6: dialects: expected a list, got "checked"',
        ' ❯ dialects hangs/misspelt.md:6:1',
        ' ❯ test/wrong.test.js:2:1',
      ].join('\n'),
    );
    expect(text).toMatch(/nowhere\/\*.md: expected documents .*, got none\n ❯ test\/wrong.test.js:3:1/);
    expect(text).toMatch(/Unknown dialect: .*"tokio-9\\?"\n ❯ test\/wrong.test.js:4:1/);
    expect(text).toMatch(/Nothing to run: .* the dialects tokio-1.2.3, got 3 without any\n ❯ test\/wrong.test.js:5:1/);
    expect(text).toMatch(/FAIL .* scenarios > has options that are known\n.*got "chunk"; did you mean chunks\?\n/);
    expect(text).toMatch(/Tests +5 failed \| 2 passed \| 3 skipped/);
  });

  test('golden traces are written with -u, and compared without', () => {
    project.write({ 'golden/seven.md': GOLDEN, 'golden.test.js': `${IMPORT}\nscenarioTest('golden');\n` });
    expect(project.vitest('').text).toContain(
      'expected a trace at traces/golden/seven.ndjson, got none (vitest -u makes it)',
    );
    const updated = project.vitest('-u');
    expect(updated.text).toContain('Wrote traces/golden/seven.ndjson');
    expect([updated.status, project.vitest('').status]).toEqual([0, 0]);
    project.write({ 'golden/seven.md': GOLDEN.replace('[7]', '[8]') });
    const changed = project.vitest('');
    expect(changed.status).toBe(1);
    expect(changed.text).toMatch(/golden, line 6: expected .*, got [^]*❯ expect.golden golden\/seven.md:8:1/);
    expect([project.vitest('-u').status, project.vitest('').status]).toEqual([0, 0]);
  });

  test('where no socket can listen, live documents are skipped, and it is said why', () => {
    project.write({
      ...ALL,
      'all.test.js': `${IMPORT}\nscenarioTest('scenarios');\n`,
      'vitest.config.js': `export default { test: { setupFiles: ['./no-network.js'] } };`,
      'no-network.js': `
        import { Server } from 'node:net';
        Server.prototype.listen = function () {
          process.nextTick(() => this.emit('error', Object.assign(new Error('refused'), { code: 'EPERM' })));
          return this;
        };`,
    });
    const { status, text } = project.vitest('--reporter=verbose');
    expect(text).toMatch(/↓ .*Real sockets > checked.*\[no socket can listen on 127.0.0.1 here: EPERM\]/);
    expect(text).toMatch(/Tests +3 passed \| 1 skipped/);
    expect(status).toBe(0);
  });

  describe('with the plugin', () => {
    const CONFIG = `
      import { defineConfig } from 'vitest/config';
      import { documents } from 'relayscope/vitest/config';
      export default defineConfig({ plugins: [documents({ chunks: 'own' })] });`;
    const DATA = `
      import { expect, test } from 'vitest';
      import capsule from '../scenarios/one.capsule.json';
      test('a capsule can still be imported', () => { expect(capsule.title).toBe('A capsule'); });`;
    const PROJECT = { ...ALL, 'vitest.config.js': CONFIG, 'test/data.test.js': DATA };

    test('each document and capsule is a test file, beside those that there are', () => {
      project.write({ ...PROJECT, 'scenarios/README.md': 'No document' });
      const { status, text } = project.vitest('--reporter=verbose');
      expect(passedTests(text)).toEqual([
        'scenarios/echo.md > An echo > checked',
        'scenarios/echo.md > An echo > tokio-1.53.1',
        'scenarios/live.md > Real sockets > checked',
        'scenarios/one.capsule.json > A capsule > checked',
        'test/data.test.js > a capsule can still be imported',
      ]);
      expect(status).toBe(0);
      expect(project.vitest('scenarios/echo.md').text).toMatch(/Tests +2 passed/);
    });

    test('a folder that is not there fails the run', () => {
      project.write({ ...PROJECT, 'vitest.config.js': CONFIG.replace(`chunks: 'own'`, `folder: 'scenarioz'`) });
      const { status, text } = project.vitest('');
      expect(status).toBe(1);
      expect(text).toMatch(/RelayscopeError: scenarioz: expected a folder of documents in .*, got none/);
    });

    test('shards have all of them between them, and none twice', () => {
      project.write(PROJECT);
      const shards = ['1/3', '2/3', '3/3'].map((shard) =>
        passedTests(project.vitest(`--reporter=verbose --shard=${shard}`).text).map((name) => name.replace(/ .*/, '')),
      );
      const files = shards.flatMap((names) => [...new Set(names)]);
      expect(files.toSorted()).toEqual([...Object.keys(ALL), 'test/data.test.js'].toSorted());
      expect(Math.max(...shards.map(({ length }) => length))).toBeLessThan(4);
    });

    test('a failure points into the document, on GitHub too, and so does what is no document', () => {
      project.write({ ...PROJECT, 'scenarios/wrong.md': WRONG, 'scenarios/broken.capsule.json': '{ "title": ' });
      const { status, text } = project.vitest('--reporter=default --reporter=github-actions');
      expect(status).toBe(1);
      expect(text).toMatch(/ ❯ expect.outcome scenarios\/wrong.md:9:1\n(?:.*\n)*?.*\b9\| +outcome: completed/);
      expect(text).toMatch(/^::error file=.*scenarios\/wrong.md,.*line=9,/m);
      expect(text).toMatch(/FAIL +scenarios\/broken.capsule.json > is a scenario > can be read/);
      expect(text).toMatch(/^::error file=.*scenarios\/broken.capsule.json,/m);
      expect(text).toMatch(/Tests +2 failed \| 5 passed/);
    });
  });
});
