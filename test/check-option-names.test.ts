import { expect, test } from 'vitest';
import { capsules, chunks, cuts, plans, polls, scenarios } from '../harness/fast-check/index.ts';
import { documents } from '../harness/vitest/config.ts';
import { checkOptions } from '../harness/vitest/documents/document-options.ts';
import { checkOptionNames } from '../harness/check-option-names.ts';

/** An option that is misspelt in JavaScript: without a word about it, a test would pass that tests something else. */

test('says what there is, and what was most likely meant', () => {
  const check = (options: unknown): void => {
    checkOptionNames('SOME_CODE', 'a thing', options as { size?: number; shape?: string }, { size: true, shape: true });
  };
  check({});
  check({ size: 1, shape: undefined });
  const wrong: [unknown, string][] = [
    [{ siez: 1 }, 'Unknown option of a thing: expected one of size, shape, got "siez"; did you mean size?'],
    [{ size: 1, weight: 1 }, 'Unknown option of a thing: expected one of size, shape, got "weight"'],
    [{ constructor: 1 }, 'Unknown option of a thing: expected one of size, shape, got "constructor"'],
    ['size', 'Wrong options of a thing: expected an object with size, shape, got "size"'],
    [null, 'Wrong options of a thing: expected an object with size, shape, got null'],
    [[1], 'Wrong options of a thing: expected an object with size, shape, got a list'],
  ];
  for (const [options, message] of wrong)
    expect(() => {
      check(options);
    }).toThrow(expect.objectContaining({ code: 'SOME_CODE', message }));
});

test.each<[string, () => unknown, string, string]>([
  ['chunks', () => chunks({ maxChunk: 1 } as never), 'PROPERTY_OPTION_INVALID', 'maxChunks'],
  ['cuts', () => cuts('x', { maxPiece: 1 } as never), 'PROPERTY_OPTION_INVALID', 'maxPieces'],
  ['plans', () => plans({ fault: [] } as never), 'PROPERTY_OPTION_INVALID', 'faults'],
  ['polls', () => polls({ lyng: true } as never), 'PROPERTY_OPTION_INVALID', 'lying'],
  ['scenarios', () => scenarios({ fault: [] } as never), 'PROPERTY_OPTION_INVALID', 'faults'],
  ['capsules', () => capsules({ foldr: 'x' } as never), 'PROPERTY_OPTION_INVALID', 'folder'],
  ['documents()', () => documents({ folders: 'x' } as never), 'SCENARIO_OPTION_INVALID', 'folder'],
  ['scenarioTest', () => checkOptions({ chunk: 'own' } as never), 'SCENARIO_OPTION_INVALID', 'chunks'],
])('%s refuses a name that it does not know', (_name, call, code, meant) => {
  expect(call).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(`; did you mean ${meant}?`) as string }),
  );
});

test.each<[Parameters<typeof documents>[0], string]>([
  [{ folder: 3 as never }, "folder of documents(): expected a path from the project's root, or a list of them, got 3"],
  [{ folder: [] }, "folder of documents(): expected a path from the project's root, or a list of them, got []"],
  [{ chunks: 'all' as never }, 'chunks of documents as tests: expected a number of bytes, or "own", got "all"'],
  [{ dialects: 'checked' as never }, 'dialects of documents as tests: expected a list of dialects, got "checked"'],
  [{ swapped: 'no' as never }, 'swapped of documents as tests: expected true or false, got "no"'],
  [{ timeoutMs: '1' as never }, 'timeoutMs of documents as tests: expected milliseconds, got "1"'],
])('documents as tests refuse a wrong value: %j', (options, message) => {
  expect(() => documents(options)).toThrow(
    expect.objectContaining({ code: 'SCENARIO_OPTION_INVALID', message: `Wrong ${message}` }),
  );
});
