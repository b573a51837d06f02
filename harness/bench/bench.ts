import type { Io } from '../io.ts';

/** One benchmark; `npm run bench -- NAME` runs it. */
export interface Bench {
  readonly name: string;
  /** One line for the list of benchmarks. */
  readonly summary: string;
  /** The whole of `--help`: what is measured, options with their defaults, an example. */
  readonly help: string;
  /** @returns the exit code. Throws a UsageError for a wrong call. */
  run(args: readonly string[], io: Io): Promise<number>;
}
