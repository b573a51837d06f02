/** What ran when a thread got stuck, as the thread itself knows it. Plain data: it goes to the watchdog. */
export interface StuckPlace {
  readonly root: string;
  /** Of the test file, absolute. */
  readonly file: string;
  /** Titles from the outermost suite to the test; empty while the file is imported. */
  readonly titles: readonly string[];
  readonly phase: StuckPhase;
  /** So long this phase may last by its own time-out; null: there is none. */
  readonly limitMs: number | null;
  /** Somebody has set that for the guard: vitest's own time-outs do not count. */
  readonly isLimitSet: boolean;
  /** Its inspector listens, perhaps only since the silence began: somebody may debug it. */
  readonly isDebugged: boolean;
  /** Whether this phase began when the silence did. A test that had hooks before it began later. */
  readonly isSure: boolean;
  /** Where the test is in its file, if vitest was asked for that (`includeTaskLocation`). */
  readonly line: number | null;
  /** The test had ended, and what it had started has not. */
  readonly hasEnded: boolean;
  /** Tests of this file that have not been run to their end, this one aside. */
  readonly unrun: number;
  /** Files that were to run in this worker after this one (`isolate: false`). */
  readonly lostFiles: readonly string[];
}

export type StuckPhase = 'collect' | 'test' | 'beforeAll' | 'afterAll' | 'beforeEach' | 'afterEach' | 'between';

/** What the watchdog has found out, for the error that vitest gets. */
export interface StuckError {
  readonly message: string;
  /** As an Error has it, its lines those of the sources. */
  readonly stack: string;
}
