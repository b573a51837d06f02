import { expect, test } from 'vitest';
import { checkStream } from '../../harness/check/check-stream.ts';
import { STREAM_LAWS } from '../../harness/check/stream-law.ts';
import { OffByOne } from './defects/off-by-one.ts';
import { Passing } from './defects/passing.ts';

test('a stream that passes everything on keeps every law', async () => {
  const report = await checkStream((inner) => new Passing(inner), { runs: 200 });
  expect(report.broken).toEqual([]);
  expect(report.passed).toEqual(STREAM_LAWS);
});

test('an adapter that counts its header breaks the counts', async () => {
  const report = await checkStream((inner) => new OffByOne(inner), { runs: 200 });
  expect(report.broken.map(({ law }) => law)).toContain('counts');
});
