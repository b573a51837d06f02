import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encodeTrace } from '../../src/trace/file/encode-trace.ts';
import { traceToNdjson } from '../../src/trace/file/trace-to-ndjson.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import { shownValue } from './scenario-error.ts';
import type { Mismatch } from './compare-run.ts';
import type { ScenarioRun } from './runs-of.ts';

export interface GoldenOptions {
  /** The folder that the golden trace's path begins at. */
  readonly root: string;
  readonly update: boolean;
  /** How a person asks for `update`. Default: as `relayscope run` has it. */
  readonly how?: string;
}

/** Compares a run's trace with the golden one that its document names, a line at a time; with `update`, writes it anew instead. */
export async function compareGolden(
  run: ScenarioRun,
  trace: readonly TraceItem[],
  { root, update, how = '--update-goldens' }: GoldenOptions,
): Promise<Mismatch | null> {
  if (run.expect.golden === undefined) return null;
  const path = join(root, run.expect.golden);
  let made = '';
  for await (const piece of traceToNdjson(encodeTrace(trace))) made += piece;
  if (update) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, made);
    return null;
  }
  const golden = await readFile(path, 'utf8').catch(() => null);
  if (golden === made) return null;
  if (golden === null)
    return { path: 'golden', expected: `a trace at ${run.expect.golden}`, got: `none (${how} makes it)` };
  const [before, after] = [golden.split('\n'), made.split('\n')];
  const line = before.findIndex((one, index) => one !== after[index]);
  const at = line === -1 ? before.length : line;
  return {
    path: `golden, line ${at + 1}`,
    expected: shownValue(before[at]),
    got: shownValue(after[at]),
  };
}
