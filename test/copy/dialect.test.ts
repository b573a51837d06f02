import { expect, test } from 'vitest';
import { BidirectionalCopy } from '../../src/copy/bidirectional-copy.ts';
import { TOKIO_FAMILIES } from '../../src/copy/dialect-table.ts';
import { resolveDialect } from '../../src/copy/dialect.ts';
import { ScriptedStream } from '../../harness/sim/scripted-stream.ts';

test.each([
  ['tokio-0.2.0', 2048, 'empty', false],
  ['tokio-0.3.7', 2048, 'empty', false],
  ['tokio-1.9.0', 2048, 'empty', false],
  ['tokio-1.10.0', 2048, 'empty', true],
  ['tokio-1.13.1', 2048, 'empty', true],
  ['tokio-1.14', 8192, 'empty', true],
  ['tokio-1.38.2', 8192, 'empty', true],
  ['tokio-1.39.0', 8192, 'room', true],
  ['tokio-1.53.1', 8192, 'room', true],
  ['tokio-1.70.0', 8192, 'room', true],
] as const)('%s resolves to its family', (name, bufferBytes, reads, flushesWhenIdle) => {
  expect(resolveDialect(name)).toMatchObject({ name, bufferBytes, reads, flushesWhenIdle, checksCounts: false });
});

test.each([
  'tokio-0.1.22',
  'tokio-2.0.0',
  'tokio-1',
  'tokio',
  'tokio-1.24.1-',
  '',
  'Checked',
  'tokio-1.24.1-debug-debug',
])('%j is no dialect', (name) => {
  expect(() => resolveDialect(name)).toThrow(expect.objectContaining({ code: 'DIALECT_UNKNOWN' }));
});

test('a debug build asserts only from the release that has the assertion', () => {
  expect(resolveDialect('tokio-1.12.0-debug').debugAssertions).toBe(false);
  expect(resolveDialect('tokio-1.13.0-debug').debugAssertions).toBe(true);
  expect(resolveDialect('tokio-1.13.0').debugAssertions).toBe(false);
});

test('a further release is a further row of the table', () => {
  const families = [...TOKIO_FAMILIES, { since: '1.60.0', bufferBytes: 16384 }];
  expect(resolveDialect('tokio-1.59.9', families)).toMatchObject({ bufferBytes: 8192, reads: 'room' });
  expect(resolveDialect('tokio-1.60.0', families)).toMatchObject({ bufferBytes: 16384, reads: 'room' });
});

test('sizes are refused where the release has none, and where they make no sense', () => {
  const copy = (dialect: string, bufferBytes: number): BidirectionalCopy =>
    new BidirectionalCopy(stream(), stream(), () => undefined, { dialect: resolveDialect(dialect), bufferBytes });
  expect(() => copy('tokio-1.37.0', 4096)).toThrow(expect.objectContaining({ code: 'BUFFER_SIZES_UNSUPPORTED' }));
  expect(() => copy('checked', 0)).toThrow(expect.objectContaining({ code: 'BUFFER_SIZE_INVALID' }));
  expect(() => copy('checked', Number.NaN)).toThrow(expect.objectContaining({ code: 'BUFFER_SIZE_INVALID' }));
  expect(() => copy('tokio-1.38.0', 0)).not.toThrow();
});

function stream(): ScriptedStream {
  return new ScriptedStream('a', {}, []);
}
