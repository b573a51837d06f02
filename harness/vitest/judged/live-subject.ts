import type { CopyCounts } from '../../../src/copy/copy-error.ts';
import type { Recorder } from '../../../src/trace/recorder.ts';
import type { Verdict } from '../../../src/trace/trace-note.ts';
import type { Delivered } from './judged.ts';

/**
 * What is going on: a copy, or a relay of many. A matcher waits for it, and reads these each time it looks, so that they may be
 * getters. The recorder is enough.
 */
export interface LiveSubject {
  /** Or what can be read here of one in another thread. */
  readonly recorder: Pick<Recorder, 'buffer' | 'notes'>;
  /** The copy: its promise, or what has come of it. */
  readonly copy?: PromiseLike<CopyCounts> | CopyCounts | Error;
  /** Only this connection of the recorder is looked at. Default: the copy's, or all. */
  readonly connection?: number;
  /** Default: by what was recorded. */
  readonly counts?: CopyCounts | undefined;
  readonly delivered?: Delivered | undefined;
  /** What whoever watches it from another thread has said so far: of a copy that has frozen its own nobody else can. */
  readonly verdicts?: readonly Verdict[];
  /** Where its trace goes. */
  readonly tracePath?: string;
  /** The command that makes it again. Default: running the test does. */
  readonly repeat?: string;
}
