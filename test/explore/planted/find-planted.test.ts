import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findPlanted, findUnplanted } from '../../../harness/explore/planted/find-planted.ts';
import { PLANTED_DEFECTS } from '../../../harness/explore/planted/planted-defects.ts';
import type { PlantedDefect } from '../../../harness/explore/planted/planted-defect.ts';

const [defect] = PLANTED_DEFECTS as [PlantedDefect, ...PlantedDefect[]];
const options = { seed: 1, runs: 100 };

test('a defect planted in the engine is found, and in the engine as it is there is nothing to find', async () => {
  expect(await findPlanted(defect, options)).toMatchObject({ what: 'conservation', direction: 'b -> a', run: 5 });
  expect(await findUnplanted(defect, options)).toBeNull();
});

/** Else a defect that was never planted would count as one that the laws do not see. */
test('a defect whose place in the source is gone, or is there twice, fails loudly', async () => {
  await expect(findPlanted({ ...defect, find: 'no such line' }, options)).rejects.toMatchObject({
    code: 'DEFECT_MISPLACED',
    message: 'Defect pos-ignored: expected its place in src/copy/copy-buffer.ts once, got 0 times: "no such line"',
  });
  await expect(findPlanted({ ...defect, find: 'return PENDING;' }, options)).rejects.toThrow(/once, got \d+ times/);
  await expect(findPlanted({ ...defect, file: 'src/copy/no-such-file.ts' }, options)).rejects.toMatchObject({
    code: 'DEFECT_MISPLACED',
  });
});

test('twelve defects or more, each with a name of its own', () => {
  const names = PLANTED_DEFECTS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(12);
});

/** Whoever edits the engine learns it here, and not only where the campaigns are made. */
test.each(PLANTED_DEFECTS)('the place of $name stands in the source once', ({ file, find }) => {
  const source = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
  expect(source.split(find)).toHaveLength(2);
});
