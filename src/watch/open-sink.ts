import type { TraceAbout } from '../trace/trace-note.ts';
import type { TraceSink } from './trace-sink.ts';

export interface SinkOptions {
  /** null: no trace was asked for. */
  readonly tracePath: string | null;
  readonly maxTraceBytes: number | null;
  readonly ring: SharedArrayBuffer;
  readonly about: TraceAbout;
}

/** The trace on disk, or null if none was asked for. A disk that fails is said once, and ends the writing only. */
export function openSink(_options: SinkOptions, _complain: (message: string) => void): TraceSink | null {
  return null;
}
