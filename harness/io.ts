/** Where a command reads from and writes to; a test brings its own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
  /** The standard input, for a command that is told to read it. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /**
   * From now on a signal ends the process at once: before work that cannot look at `signal`, such as a long query of a
   * database.
   */
  readonly releaseSignals?: () => void;
  /** Fires when the person, or the system, asks the command to stop: end everything that was started, then return. */
  readonly signal: AbortSignal;
}

export interface Output {
  write(text: string): void;
  /** Resolves when whoever reads has caught up: for output of any length. */
  readonly drain?: () => Promise<void>;
  readonly isTTY: boolean;
  /** Width of the terminal in columns, if there is one. */
  readonly columns?: number | undefined;
}
