/** relayscope: the instrument. The lab (scripted streams, the tunnel) is `relayscope/harness`. */
export { copyBidirectional, type CopyBidirectionalOptions } from './copy/copy-bidirectional.ts';
export { BidirectionalCopy, type BidirectionalCopyOptions } from './copy/bidirectional-copy.ts';
export { CopyError, type CopyCounts, type CopyErrorCode, type CopyErrorDetails } from './copy/copy-error.ts';
export type { CopyLimits } from './copy/copy-limits.ts';
export { resolveDialect, type Dialect, type DialectName } from './copy/dialect.ts';
export type { DialectTraits } from './copy/dialect-table.ts';
export { classInfoOf } from './diagnose/class-info-of.ts';
export type { ClassInfo } from './diagnose/class-info.ts';
export type { Ending } from './diagnose/detector.ts';
export { Diagnosis, type DiagnosisOptions } from './diagnose/diagnosis.ts';
export { FAMILIES, FINDING_CLASSES, type FamilyName, type FindingClass } from './diagnose/finding-class.ts';
export { LiveDiagnosis, type LiveDiagnosisOptions } from './diagnose/live-diagnosis.ts';
export type { Confidence, Consequence, Evidence, Finding, Reading, Report } from './diagnose/finding.ts';
export { unjudgedClasses, type Unjudged } from './diagnose/sight.ts';
export { InvariantError, RelayscopeError } from './errors.ts';
export { systemClock, type Clock } from './poll/clock.ts';
export type { Context, Waker } from './poll/context.ts';
export { CoopBudget } from './poll/coop-budget.ts';
export type { Direction, Half } from './poll/direction.ts';
export { PENDING } from './poll/pending.ts';
export type { ChunkSlot, PollStream } from './poll/poll-stream.ts';
export { recordDuplex } from './record/record-duplex.ts';
export { recordWebSocket, type RecordWebSocketOptions } from './record/record-web-socket.ts';
export { RecordedCopy, type RecordedCopyOptions, type RecordStreamOptions } from './record/recorded-copy.ts';
export { beneath, type BeneathOptions } from './streams/beneath.ts';
export { fromDuplex, type FromDuplexOptions } from './streams/from-duplex.ts';
export { fromSocket, type FromSocketOptions } from './streams/from-socket.ts';
export { fromWebSocket, type FromWebSocketOptions } from './streams/from-web-socket.ts';
export { fromWebStreams, type FromWebStreamsOptions, type WebStreams } from './streams/from-web-streams.ts';
export { keepAlive, type KeepAliveOptions } from './streams/keep-alive.ts';
export { memoryPair, type MemoryPairOptions } from './streams/memory-pair.ts';
export { StreamError, type StreamErrorCode, type StreamErrorDetails } from './streams/stream-error.ts';
export type { WebSocketCloseEvent, WebSocketLike } from './streams/web-socket-like.ts';
export { ambientRecorder, setAmbientRecorder } from './trace/ambient-recorder.ts';
export type { EventKind, TransferStateName } from './trace/event-kind.ts';
export { openTrace, readNdjson, type OpenTraceOptions } from './trace/file/open-trace.ts';
export { readTraceBytes, type ByteSource } from './trace/file/read-trace-bytes.ts';
export { RingFlusher, type RingFlusherOptions } from './trace/file/ring-flusher.ts';
export { saveTrace } from './trace/file/save-trace.ts';
export { TraceError, type TraceErrorCode, type TracePlace } from './trace/file/trace-error.ts';
export { ndjsonToTrace, traceToNdjson } from './trace/file/trace-to-ndjson.ts';
export { TraceWriter, type TraceWriterOptions } from './trace/file/trace-writer.ts';
export { toNdjson } from './trace/file/to-ndjson.ts';
export { decodeRecords } from './trace/decode-records.ts';
export { advanceTick, readRing, ringActivity, type RingActivity } from './trace/read-ring.ts';
export type { PayloadOptions } from './trace/payload-recorder.ts';
export { Recorder, type RecorderOptions } from './trace/recorder.ts';
export type { ConnectionEnds, RecorderListener, RecorderNote, RecorderNotes } from './trace/recorder-notes.ts';
export { ringItems } from './trace/ring-snapshot.ts';
export type { Outcome, TraceEvent } from './trace/trace-event.ts';
export type { TraceItem } from './trace/trace-item.ts';
export type {
  ConnectionNote,
  EndNote,
  Payload,
  SocketNote,
  SocketsNote,
  StackFrame,
  StackNote,
  TraceAbout,
  Verdict,
  VerdictOutcome,
} from './trace/trace-note.ts';
export { watched, type Watched } from './watch/answer-pings.ts';
export {
  superviseChild,
  type ChildCommand,
  type ChildState,
  type ChildWatch,
  type SuperviseChildOptions,
} from './watch/supervise-child.ts';
export { superviseWorker, type SuperviseWorkerOptions, type WorkerWatch } from './watch/supervise-worker.ts';
export { joinWatch, workerLink, type WatchedEnd, type WorkerLink } from './watch/worker-link.ts';
export type { WatchLimits } from './watch/watch-options.ts';
export { watchProgram, type ProgramWatch, type WatchProgramOptions } from './watch/watch-program.ts';
