import { epochMs } from '../poll/clock.ts';
import type { TraceItem } from '../trace/trace-item.ts';
import type { EndNote } from '../trace/trace-note.ts';
import { openSink } from './open-sink.ts';
import { Pulse, WriterRole } from './pulse.ts';
import type { WatchdogJob } from './watchdog-job.ts';

/**
 * Writes the trace of a program that ends before its watchdog has begun to: a thread takes its time to start, on a busy
 * machine more than a program at its end should wait, and than it would be sure to get.
 */
export class ExitWriter {
  readonly #job: WatchdogJob;
  /** What was given to the watchdog so far, which it has not taken. */
  #held: TraceItem[] = [];

  constructor(job: WatchdogJob) {
    this.#job = job;
  }

  /** Until the watchdog has begun; it takes all of them from then on. */
  hold(item: TraceItem): void {
    if (this.#writer === WriterRole.NOBODY) this.#held.push(item);
    else if (this.#held.length > 0) this.#held = [];
  }

  /** @returns false if the watchdog does it. `complain` is told what the disk does not take. */
  write(end: Pick<EndNote, 'reason' | 'message'>, complain: (message: string) => void): boolean {
    const { pulse, tracePath, traceWhen, startedEpochMs } = this.#job;
    if (Atomics.compareExchange(pulse, Pulse.WRITER, WriterRole.NOBODY, WriterRole.PROGRAM) !== WriterRole.NOBODY)
      return false;
    // Nobody has watched: nothing was found stuck.
    if (tracePath === null || traceWhen === 'stuck') return true;
    const sink = openSink(this.#job, complain);
    for (const item of this.#held) sink?.append(item);
    sink?.end({ ...end, atMs: Math.round(epochMs() - startedEpochMs) });
    return true;
  }

  get #writer(): number {
    return Atomics.load(this.#job.pulse, Pulse.WRITER);
  }
}
