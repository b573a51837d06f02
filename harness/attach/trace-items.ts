import { ringItems } from '../../src/trace/ring-snapshot.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import type { AttachReport } from './attach-report.ts';
import type { RecorderCopy } from './read-recorder.ts';

/**
 * What was seen of a process as a trace: what its recorder holds, if it has one, then stack, sockets and verdict.
 *
 * Throws RING_MALFORMED if what the program shows as a recorder is none.
 */
export function* traceItems(report: AttachReport, recorder: RecorderCopy | null): Generator<TraceItem> {
  const { pid, runtime, command, thread, frames, omittedFrames, sockets, omittedSockets } = report;
  const atMs = recorder?.elapsedMs ?? 0;
  yield {
    kind: 'about',
    about: {
      writer: 'relayscope attach',
      title: command,
      pid,
      platform: process.platform,
      ...(runtime === null ? {} : { runtime: `node ${runtime}` }),
      ...(recorder === null ? {} : { startedAtMs: recorder.startedAtMs }),
    },
  };
  if (recorder !== null) {
    for (const note of recorder.connections) yield { kind: 'connection', note };
    yield* ringItems(recorder.buffer);
  }
  if (frames.length > 0) {
    const omitted = omittedFrames === 0 ? {} : { omitted: omittedFrames };
    yield { kind: 'stack', note: { thread, atMs, frames, ...omitted } };
  }
  const omitted = omittedSockets === 0 ? {} : { omitted: omittedSockets };
  const notes = sockets.map(({ local, remote, bytesRead, bytesWritten, readable, writable, state }) => ({
    ...(local === undefined ? {} : { local }),
    ...(remote === undefined ? {} : { remote }),
    bytesRead,
    bytesWritten,
    readable,
    writable,
    state,
  }));
  yield { kind: 'sockets', note: { atMs, sockets: notes, ...omitted } };
  const { outcome, message, loop, cpu, watchedMs } = report;
  yield {
    kind: 'verdict',
    verdict: {
      outcome,
      message,
      atMs,
      silentMs: watchedMs,
      ...(loop === null ? {} : { loop }),
      ...(cpu === null ? {} : { cpu }),
    },
  };
  yield { kind: 'end', note: { reason: 'closed', atMs } };
}
