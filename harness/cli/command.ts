import type { Io } from '../io.ts';

export type { Io, Output } from '../io.ts';

/** One command of the command line; one file each, listed in commands.ts. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** The whole of `--help`: usage, options with their defaults, an example, exit codes. */
  readonly help: string;
  /** @returns the exit code, one of those below. Throws a UsageError or another RelayscopeError for code 2. */
  run(args: readonly string[], io: Io): Promise<number>;
}

/** As expected. */
export const EXIT_OK = 0;
/** An expectation failed, or there is a finding. */
export const EXIT_FAILED = 1;
/** Usage, or input that cannot be read. */
export const EXIT_USAGE = 2;
/** What was run got stuck, and nothing had said that it should. */
export const EXIT_STUCK = 3;
/** A budget was used up before all was run, and what was run was as expected. */
export const EXIT_BUDGET = 4;
