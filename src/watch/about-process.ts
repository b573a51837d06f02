import { isoOf } from '../poll/clock.ts';
import type { TraceAbout } from '../trace/trace-note.ts';

/** What a trace that begins at that moment says of itself, unless `about` knows better. */
export function aboutProcess(startedEpochMs: number, about: TraceAbout = {}): TraceAbout {
  return {
    writer: 'relayscope',
    startedAt: isoOf(startedEpochMs),
    startedAtMs: startedEpochMs,
    pid: process.pid,
    runtime: `node ${process.version}`,
    platform: `${process.platform} ${process.arch}`,
    ...about,
  };
}
