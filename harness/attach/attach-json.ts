import type { AttachReport } from './attach-report.ts';

/** A report as one JSON object; documented in docs/attach.md. */
export function attachJson(report: AttachReport): Record<string, unknown> {
  const { pid, command, runtime, outcome, loop, message, thread, cpu, turnsPerSecond, watchedMs, frames } = report;
  const { omittedFrames, loopFrame, sockets, omittedSockets, workers, warnings, trace } = report;
  const found =
    loopFrame === null
      ? null
      : {
          function: loopFrame.frame.function,
          url: loopFrame.frame.url,
          line: loopFrame.frame.line,
          steady: loopFrame.steady,
          changed: loopFrame.changed,
        };
  return {
    schema: 1,
    pid,
    command,
    runtime,
    outcome,
    loop,
    message,
    thread,
    cpu,
    turnsPerSecond,
    watchedMs,
    frames,
    omittedFrames,
    loopFrame: found,
    sockets: sockets.map(({ isUnread, isFull, isListening, ...socket }) => ({
      ...socket,
      unreadByProgram: isUnread,
      waitsForPeer: isFull,
      listening: isListening,
    })),
    omittedSockets,
    workers,
    warnings,
    trace,
  };
}
