import type { Recorder } from '../../../src/trace/recorder.ts';

/** The copies of one recorder that one test has started. */
export interface StartedCopies {
  readonly recorder: Recorder;
  readonly connections: ReadonlySet<number>;
}

/**
 * So many recorders are held: one that nobody else holds may be that of the very copy that waits, for ever and out of
 * reach. A test that makes them by the thousand must not keep them all, at 1 MiB each.
 */
const MAX_RECORDERS = 8;
/** So many copies of each: the first ones and the latest are as likely to be the one that waits. */
const MAX_CONNECTIONS = 4096;

/** What one test has started, by recorder. */
export class TestCopies {
  readonly #byRecorder = new Map<Recorder, Set<number>>();

  add(recorder: Recorder, connection: number): void {
    let connections = this.#byRecorder.get(recorder);
    if (connections === undefined) {
      const [oldest] = this.#byRecorder.keys();
      if (oldest !== undefined && this.#byRecorder.size >= MAX_RECORDERS) this.#byRecorder.delete(oldest);
      connections = new Set();
      this.#byRecorder.set(recorder, connections);
    }
    if (connections.size < MAX_CONNECTIONS) connections.add(connection);
  }

  get started(): StartedCopies[] {
    return [...this.#byRecorder].map(([recorder, connections]) => ({ recorder, connections }));
  }
}
