import type { MessagePort } from 'node:worker_threads';
import type { TraceItem } from '../trace/trace-item.ts';
import type { EndNote, TraceAbout, Verdict } from '../trace/trace-note.ts';
import type { WatchLimits } from './watch-options.ts';

/** What a program hands to its watchdog's Worker. */
export interface WatchdogJob extends Required<WatchLimits> {
  readonly pulse: Int32Array<SharedArrayBuffer>;
  /** The watchdog's end of the channel whose other end answers pings. */
  readonly pings: MessagePort;
  /** Of the watched thread; 0 for the main thread. */
  readonly threadId: number;
  readonly ring: SharedArrayBuffer;
  readonly startedEpochMs: number;
  readonly about: TraceAbout;
  readonly tracePath: string | null;
  readonly traceWhen: 'always' | 'stuck';
  readonly maxTraceBytes: number | null;
  readonly report: 'stderr' | 'none';
  readonly reportFd: number | null;
}

/** From the program to its watchdog. */
export type WatchdogOrder =
  | { readonly kind: 'append'; readonly item: TraceItem }
  /** Write what there is, and say so with the same number. */
  | { readonly kind: 'flush'; readonly number: number }
  /** Write what is left, and end. */
  | { readonly kind: 'stop'; readonly reason: EndNote['reason']; readonly message?: string };

/** From the watchdog to the program, which hears it once its event loop turns. */
export type WatchdogMessage =
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'flushed'; readonly number: number }
  /** The trace cannot be written any more. */
  | { readonly kind: 'trace-failed'; readonly message: string };
