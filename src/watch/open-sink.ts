import type { TraceSink } from './trace-sink.ts';
import type { WatchdogJob } from './watchdog-job.ts';

/** The trace on disk, or null if none was asked for. A disk that fails is said once, and ends the writing only. */
export function openSink(_job: WatchdogJob, _complain: (message: string) => void): TraceSink | null {
  return null;
}
