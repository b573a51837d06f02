import type { Context } from '../poll/context.ts';
import type { Direction } from '../poll/direction.ts';
import type { PollStream } from '../poll/poll-stream.ts';
import type { PayloadRecorder } from '../trace/payload-recorder.ts';
import type { Recorder } from '../trace/recorder.ts';
import type { CopyLimits } from './copy-limits.ts';
import type { Dialect } from './dialect.ts';

/** What one direction of a copy works with; fixed for its life. */
export interface Endpoints {
  readonly direction: Direction;
  readonly reader: PollStream;
  readonly readContext: Context;
  readonly writer: PollStream;
  readonly writeContext: Context;
  readonly dialect: Dialect;
  readonly limits: CopyLimits;
  readonly recorder: Recorder | null;
  /** The recorder's, if it keeps what goes through. */
  readonly payload: PayloadRecorder | null;
  readonly connection: number;
  /** The direction as a flag of its records. */
  readonly flags: number;
}
