import { expect, test } from 'vitest';
import type { Recorder } from '../../src/trace/recorder.ts';
import { watchProgram } from '../../src/watch/watch-program.ts';

function shown(): readonly Recorder[] {
  const place = globalThis as unknown as Record<symbol, Set<Recorder> | undefined>;
  return [...(place[Symbol.for('relayscope.recorders')] ?? [])];
}

test('a watched recorder is shown to whoever attaches, as long as it is watched', async () => {
  const watch = watchProgram({ report: 'none' });
  expect(shown()).toEqual([watch.recorder]);
  await watch.stop();
  expect(shown()).toEqual([]);
});

test('a flush is answered, before the end and after it', async () => {
  const watch = watchProgram({ report: 'none' });
  await watch.flush();
  await watch.stop();
  await expect(watch.flush()).resolves.toBe(undefined);
});
