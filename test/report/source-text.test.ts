import { runInThisContext } from 'node:vm';
import { expect, test } from 'vitest';
import { quotedText, sourceText } from '../../harness/report/source-text.ts';

function pasted(text: string): unknown {
  return runInThisContext(`(${text})`);
}

test.each([
  ['it', "'it'"],
  ["it's", String.raw`'it\'s'`],
  ['say "no"', `'say "no"'`],
  [String.raw`back\slash "quoted"`, String.raw`'back\\slash "quoted"'`],
  ['a\r\nb\u{0}', String.raw`'a\r\nb\u0000'`],
])('a text is in single quotes: %j', (text, source) => {
  expect(quotedText(text)).toBe(source);
  expect(pasted(source)).toBe(text);
});

test.each([
  [undefined, 'undefined'],
  [null, 'null'],
  [-0, '-0'],
  [Number.NaN, 'NaN'],
  [12n, '12n'],
  [[], '[]'],
  [{}, '{}'],
  [{ a: 1, 'b-c': [true, { d: 'e' }] }, "{ a: 1, 'b-c': [true, { d: 'e' }] }"],
  [Buffer.from([104, 105]), "Buffer.from('6869', 'hex')"],
  [[undefined, 1], '[undefined, 1]'],
])('plain data reads back as it was: %o', (value, source) => {
  expect(sourceText(value)).toBe(source);
  expect(pasted(source)).toEqual(value);
});

test('a field that is undefined is left out', () => {
  expect(sourceText({ a: undefined, b: 1 })).toBe('{ b: 1 }');
});

test('a key named like the prototype is one like any other', () => {
  const value: unknown = JSON.parse('{ "__proto__": 1 }');
  expect(sourceText(value)).toBe("{ '__proto__': 1 }");
});

test('what does not fit on a line is broken as prettier breaks it', () => {
  const value = { title: 'A scenario', steps: [{ kind: 'write', bytes: 1 }, { kind: 'flush' }], options: {} };
  expect(sourceText(value, { columns: 40, indent: 2 })).toBe(
    [
      '{',
      "    title: 'A scenario',",
      '    steps: [',
      "      { kind: 'write', bytes: 1 },",
      "      { kind: 'flush' },",
      '    ],',
      '    options: {},',
      '  }',
    ].join('\n'),
  );
});
