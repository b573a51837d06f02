import { InvariantError } from '../../src/errors.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { snapshotRing } from '../../src/trace/ring-snapshot.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { fingerprint } from './fingerprint.ts';
import type { RunOptions } from './run-options.ts';
import type { RunResult } from './run-result.ts';
import { World } from './world.ts';

/** A run and the records of its trace, little-endian, as a file has them. */
export interface RecordedRun {
  readonly result: RunResult;
  readonly trace: Uint8Array;
}

/**
 * The self-check: runs a scenario in a new world, and then once more in the same one, where everything is used again. Throws
 * an InvariantError if a byte of trace differs, or anything that the run came to.
 */
export function runSelfChecked(scenario: Scenario, options: RunOptions): RecordedRun {
  const world = new World();
  const recorder = options.recorder ?? new Recorder();
  const trace = (): Uint8Array =>
    Buffer.concat(snapshotRing(recorder.buffer, 0).map(({ words }) => Buffer.from(new Int32Array(words).buffer)));
  const first = fingerprint(world.run(scenario, { ...options, recorder }));
  const firstTrace = trace();
  const result = world.run(scenario, { ...options, recorder });
  const second = fingerprint(result);
  if (first !== second) throw new InvariantError(`The same run gave ${first} and then ${second}`);
  if (Buffer.compare(firstTrace, trace()) !== 0) {
    throw new InvariantError(
      `The same run gave two traces: ${JSON.stringify(scenario.title)}, ${options.dialect ?? scenario.dialects[0]}`,
    );
  }
  return { result, trace: firstTrace };
}
