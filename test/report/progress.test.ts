import { expect, test } from 'vitest';
import { Progress } from '../../harness/report/progress.ts';
import { capturedIo } from '../cli/captured-io.ts';

test('says how far it is now and then, on a terminal, and takes it away again', () => {
  const { io, err } = capturedIo({ isTTY: true });
  const progress = new Progress(io.stderr, 'events loaded', 1000);
  for (const count of [1, 999, 1500, 2000, 501_000, 501_500]) progress.at(count);
  progress.clear();
  expect(err().replaceAll('\r\u{1b}[K', '|')).toBe('|1,500 events loaded|501,500 events loaded|');
});

test('says nothing elsewhere', () => {
  const { io, err } = capturedIo();
  const progress = new Progress(io.stderr, 'events loaded', 0);
  progress.at(5);
  progress.clear();
  expect(err()).toBe('');
});
