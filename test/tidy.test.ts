import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { builtinModules } from 'node:module';
import { describe, expect, test } from 'vitest';

/** The rules of style that a compiler does not hold. */

const root = join(import.meta.dirname, '..');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const sources = tracked.filter((file) => /^(?:src|harness|test)\/.*\.ts$/.test(file));
const text = new Map(tracked.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
const LAYERS = ['src', 'harness', 'test'];

/** What a file imports: files of ours relative to the top, anything else as it is written. */
function importsOf(file: string): string[] {
  const found = (text.get(file) ?? '').matchAll(
    /(?:^|\n)(?:import|export)\b[^'"`;]*?from\s+'([^']+)'|\bimport\('([^']+)'\)|(?:^|\n)import '([^']+)'/g,
  );
  return [...found].map(([, from, dynamic, bare]) => {
    const name = from ?? dynamic ?? bare ?? '';
    return name.startsWith('.') ? normalize(join(dirname(file), name)) : name;
  });
}

/** Source text without comments, so that a word in prose is no finding. */
function code(file: string): string {
  return (text.get(file) ?? '').replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, '');
}

function offenders(files: readonly string[], pattern: RegExp): string[] {
  return files.flatMap((file) =>
    [...code(file).matchAll(new RegExp(pattern, 'g'))].map(([match]) => `${file}: ${match}`),
  );
}

test('the files were found', () => {
  expect(sources.length).toBeGreaterThan(50);
});

test('imports run from test to harness to src, and never back', () => {
  const upward = sources.flatMap((file) =>
    importsOf(file)
      .filter((name) => LAYERS.indexOf(name.split('/')[0] ?? '') > LAYERS.indexOf(file.split('/')[0] ?? ''))
      .map((name) => `${file} imports ${name}`),
  );
  expect(upward).toEqual([]);
});

test('src depends on Node alone', () => {
  const foreign = sources
    .filter((file) => file.startsWith('src/'))
    .flatMap((file) => importsOf(file).filter((name) => !name.startsWith('src/') && !name.startsWith('node:')));
  expect(foreign).toEqual([]);
});

test('builtin modules are imported by their node: names', () => {
  const bare = builtinModules.filter((name) => !name.startsWith('node:'));
  expect(sources.flatMap((file) => importsOf(file).filter((name) => bare.includes(name)))).toEqual([]);
});

describe('time and chance come from outside', () => {
  const allowed = new Set(['src/poll/clock.ts']);
  const files = sources.filter(
    (file) => !file.startsWith('test/') && !file.startsWith('harness/bench/') && !allowed.has(file),
  );

  test('only the clock knows the time', () => {
    expect(
      offenders(
        files,
        /\bnew Date\b|\bDate\.now|\bperformance\.|(?<!\.)\bset(?:Timeout|Interval)\(|hrtime|AbortSignal\.timeout/,
      ),
    ).toEqual([]);
  });

  test('nobody rolls dice', () => {
    expect(offenders(files, /Math\.random/)).toEqual([]);
  });
});

test('no test is left alone, left out or left to luck', () => {
  const files = sources.filter((file) => file.startsWith('test/'));
  expect(offenders(files, /\b(?:test|it|describe)\.(?:only|todo|skip)\(|\bretry:/)).toEqual([]);
});

test('nothing is silenced', () => {
  const silenced = tracked
    .filter((file) => file.endsWith('.ts') && file !== 'test/tidy.test.ts')
    .filter((file) =>
      /@ts-(?:ignore|nocheck|expect-error)|(?:ox|es)lint-disable|prettier-ignore/.test(text.get(file) ?? ''),
    );
  expect(silenced).toEqual([]);
});

test('every source is reached from a door', () => {
  // What is started by its path instead of imported: siblingModule names it.
  const started = sources.flatMap((file) =>
    [...code(file).matchAll(/siblingModule\(\s*import\.meta\.url,\s*'([^']+)'/g)].map(
      ([, name]) => `${join(dirname(file), name ?? '')}.ts`,
    ),
  );
  const doors = [
    'src/index.ts',
    'src/register.ts',
    'harness/index.ts',
    'harness/vitest/index.ts',
    'harness/vitest/config.ts',
    'harness/vitest/guard.ts',
    'harness/fast-check/index.ts',
    'test/pack-once.ts',
    'harness/cli/main.ts',
    'harness/bench/main.ts',
    ...started,
  ];
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const name of importsOf(file)) if (text.has(name)) visit(name);
  };
  for (const door of [...doors, ...sources.filter((file) => file.endsWith('.test.ts'))]) visit(door);
  expect(sources.filter((file) => !reached.has(file))).toEqual([]);
});

test('every fixture is used by a test or a command', () => {
  const fixtures = tracked.filter((file) => file.startsWith('fixtures/') && !file.endsWith('README.md'));
  const users = sources.map((file) => text.get(file) ?? '').join('\n');
  // Who names a folder means all that is in it.
  const isUsed = (path: string): boolean => path !== 'fixtures' && (users.includes(path) || isUsed(dirname(path)));
  const unused = fixtures.filter((file) => !isUsed(file));
  expect(unused).toEqual([]);
});

test('every error code is explained in docs/errors.md', () => {
  const documented = text.get('docs/errors.md') ?? '';
  const codes = sources
    .filter((file) => !file.startsWith('test/'))
    .flatMap((file) =>
      [
        ...code(file).matchAll(/(?:Error\(\s*|checkOptionNames\(\s*|\|\s*|(?<!=)= )'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g),
      ].map(([, name]) => name ?? ''),
    );
  expect(codes.length).toBeGreaterThan(10);
  expect([...new Set(codes)].filter((name) => !documented.includes(`\`${name}\``))).toEqual([]);
});

test('links in the documents lead somewhere', () => {
  const dead = tracked
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) =>
      [...(text.get(file) ?? '').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
        .map(([, target]) => relative(root, join(root, dirname(file), target ?? '')))
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${file}: ${target}`),
    );
  expect(dead).toEqual([]);
});
