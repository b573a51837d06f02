import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RelayscopeError } from '../../src/errors.ts';
import type { Expectation, Scenario } from '../scenario/scenario.ts';
import type { RunResult } from '../sim/run-result.ts';
import type { RunFailure } from './run-failure.ts';

interface CapsuleOptions {
  readonly finding: RunFailure & { readonly run: number };
  readonly scenario: Scenario;
  /** Null: the run ended with an exception, and a repetition is expected not to. */
  readonly result: RunResult | null;
  /** Of the campaign. */
  readonly seed: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** A failed run as a scenario that expects just what came out of it. It repeats that one run, and none beside it. */
export function capsuleOf({ finding, scenario, result, seed, versions }: CapsuleOptions): Scenario {
  const { what, direction, run } = finding;
  const { dialects, options, a, b, plan } = scenario;
  return {
    title: `${what}${direction === null ? '' : `, ${direction}`}: run ${run} of seed ${seed}`,
    dialects,
    options,
    seed: scenario.seed,
    a,
    b,
    plan,
    expect: result === null ? { outcome: 'completed' } : expectationOf(result),
    swapped: { not: 'a capsule repeats one run' },
    chunks: { not: 'a capsule repeats one run' },
    versions,
  };
}

function expectationOf({ outcome, direction, error, counts, delivered, broken, waits }: RunResult): Expectation {
  const laws = [...new Set(broken.map(({ law }) => law))];
  // What a wrong count has made NaN has no place in JSON.
  const areCounts = Number.isFinite(counts.aToB) && Number.isFinite(counts.bToA);
  return {
    outcome,
    ...(direction === null ? {} : { direction }),
    ...(error === null ? {} : { code: error.code }),
    ...(areCounts ? { counts: { aToB: counts.aToB, bToA: counts.bToA } } : {}),
    delivered: { aToB: delivered.aToB.length, bToA: delivered.bToA.length },
    ...(laws.length === 0 ? {} : { breaks: laws }),
    ...(waits.length === 0 ? {} : { waits: waits.map((wait) => ({ ...wait })) }),
  };
}

/** `conservation-seed-42-run-1234.capsule.json` */
export function capsuleName(what: string, seed: number, run: number): string {
  return `${what}-seed-${seed}-run-${run}.capsule.json`;
}

export function capsuleText(capsule: Scenario): string {
  return `${JSON.stringify(capsule, null, 2)}\n`;
}

/** Writes a file whole or not at all, in a folder that is made if it is not there. Throws CAPSULE_UNWRITABLE. @returns its path. */
export async function writeWhole(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, name);
  const partial = `${path}.${process.pid}.partial`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(partial, text, { flag: 'wx' });
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => undefined);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RelayscopeError('CAPSULE_UNWRITABLE', `Cannot write ${path}: ${why}`, { cause });
  }
  return path;
}
