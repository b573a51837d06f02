import { TraceWriter } from '../trace/file/trace-writer.ts';
import type { TraceAbout } from '../trace/trace-note.ts';
import { FileSink } from './file-sink.ts';
import type { TraceSink } from './trace-sink.ts';

export interface SinkOptions {
  /** null: no trace was asked for. */
  readonly tracePath: string | null;
  readonly maxTraceBytes: number | null;
  readonly ring: SharedArrayBuffer;
  readonly about: TraceAbout;
}

/** The trace on disk, or null if none was asked for, or it cannot be begun: then `complain` has been told. */
export function openSink(options: SinkOptions, complain: (message: string) => void): TraceSink | null {
  const { tracePath, maxTraceBytes, ring, about } = options;
  if (tracePath === null) return null;
  try {
    const writer = new TraceWriter(tracePath, {
      about,
      ...(maxTraceBytes === null ? {} : { maxBytes: maxTraceBytes }),
    });
    return new FileSink(writer, ring, complain);
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return null;
  }
}
