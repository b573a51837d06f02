import { expect, test } from 'vitest';
import { reproduction } from '../../harness/check/reproduction.ts';
import type { StreamCase } from '../../harness/check/stream-case.ts';

const CASE: StreamCase = { inner: {}, steps: [{ kind: 'write', bytes: 1 }] };
const BREACH = { law: 'counts', message: "It's 2: expected 1", case: CASE } as const;

function myAdapter(): never {
  throw new Error('It is not called');
}

test('a check of a program prints what can be pasted beside it', () => {
  expect(reproduction(BREACH, myAdapter, {})).toBe(
    [
      String.raw`test('counts: It\'s 2: expected 1', async () => {`,
      '  const report = await checkStream(myAdapter, {',
      "    case: { inner: {}, steps: [{ kind: 'write', bytes: 1 }] },",
      '  });',
      '  expect(report.broken.map(({ law, message }) => `${law}: ${message}`)).toEqual([]);',
      '});',
    ].join('\n'),
  );
});

test('a factory without a name is called what it is', () => {
  expect(reproduction(BREACH, () => undefined, {})).toContain('checkStream(factory, {');
});

test('a factory whose name is no name in a test is called what it is, too', () => {
  // As `export default (inner) => …` is named.
  expect(reproduction(BREACH, { name: 'default' }, {})).toContain('checkStream(factory, {');
  expect(reproduction(BREACH, { name: 'bound it' }, {})).toContain('checkStream(factory, {');
});

test("imports do not get into one another's way", () => {
  const importsOf = (name: string, peerName: string): string[] =>
    reproduction(BREACH, myAdapter, {
      peer: myAdapter,
      origin: { module: './a.ts', name, peer: { module: './b.ts', name: peerName } },
    })
      .split('\n')
      .filter((line) => /\.\/|await|^ {4}peer/.test(line));
  expect(importsOf('make', 'make')).toEqual([
    "import { make } from './a.ts';",
    "import { make as peer } from './b.ts';",
    '  const report = await checkStream(make, {',
    '    peer,',
  ]);
  expect(importsOf('test', 'factory')).toEqual([
    "import { test as factory } from './a.ts';",
    "import { factory as peer } from './b.ts';",
    '  const report = await checkStream(factory, {',
    '    peer,',
  ]);
  expect(importsOf('peer', 'a-name')).toEqual([
    "import { peer as factory } from './a.ts';",
    "import { 'a-name' as peer } from './b.ts';",
    '  const report = await checkStream(factory, {',
    '    peer,',
  ]);
});

test('what the check was told is told again', () => {
  const text = reproduction(BREACH, myAdapter, {
    inner: 'duplex',
    peer: myAdapter,
    carriesHalfClose: false,
    maxBufferedBytes: 100,
    laws: ['counts'],
    seed: 3,
    runs: 4,
  });
  expect(text).toContain(
    [
      "    inner: 'duplex',",
      '    peer: myAdapter,',
      '    carriesHalfClose: false,',
      '    maxBufferedBytes: 100,',
      "    case: { inner: {}, steps: [{ kind: 'write', bytes: 1 }] },",
      '  });',
    ].join('\n'),
  );
  // These choose cases, and here there is one.
  expect(text).not.toMatch(/seed|runs|laws/);
});

test('where it is known what the factory is from, it is a whole file', () => {
  const origin = {
    module: './my-adapter.ts',
    name: 'default',
    options: { inner: 'websocket', carriesHalfClose: false },
  } as const;
  const text = reproduction(BREACH, myAdapter, { inner: 'duplex', carriesHalfClose: false, origin });
  expect(text.split('\n').slice(0, 10)).toEqual([
    "import { expect, test } from 'vitest';",
    "import { checkStream } from 'relayscope/harness';",
    "import factory, { options } from './my-adapter.ts';",
    '',
    String.raw`test('counts: It\'s 2: expected 1', async () => {`,
    '  const report = await checkStream(factory, {',
    '    ...options,',
    "    inner: 'duplex',",
    "    case: { inner: {}, steps: [{ kind: 'write', bytes: 1 }] },",
    '  });',
  ]);
});

test('exports by name, and a peer of its own', () => {
  const origin = {
    module: './it.ts',
    name: 'adapter',
    peer: { module: './far-end.ts', name: 'default' },
  };
  const text = reproduction(BREACH, myAdapter, { peer: myAdapter, origin });
  expect(text).toContain("import { adapter } from './it.ts';\nimport peer from './far-end.ts';\n");
  expect(text).toContain('checkStream(adapter, {\n    peer,\n    case: ');
});

test('a long case is broken into lines, and a message of many lines is one', () => {
  const steps = Array.from({ length: 6 }, (_, index) => ({ kind: 'write', bytes: index + 1 }) as const);
  const text = reproduction({ ...BREACH, message: 'One\ntwo', case: { inner: {}, steps } }, myAdapter, {});
  expect(text).toContain(String.raw`test('counts: One\\x0atwo', async () => {`);
  expect(text).toContain("    case: {\n      inner: {},\n      steps: [\n        { kind: 'write', bytes: 1 },\n");
});
