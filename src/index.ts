/** relayscope: the instrument. The lab (scenarios, faults, captures) is `relayscope/harness`. */
export { copyBidirectional, type CopyBidirectionalOptions } from './copy/copy-bidirectional.ts';
export { BidirectionalCopy, type BidirectionalCopyOptions } from './copy/bidirectional-copy.ts';
export { CopyError, type CopyCounts, type CopyErrorCode, type CopyErrorDetails } from './copy/copy-error.ts';
export type { CopyLimits } from './copy/copy-limits.ts';
export { resolveDialect, type Dialect, type DialectName } from './copy/dialect.ts';
export type { DialectTraits } from './copy/dialect-table.ts';
export { InvariantError, RelayscopeError } from './errors.ts';
export { systemClock, type Clock } from './poll/clock.ts';
export type { Context, Waker } from './poll/context.ts';
export { CoopBudget } from './poll/coop-budget.ts';
export type { Direction, Half } from './poll/direction.ts';
export { PENDING } from './poll/pending.ts';
export type { ChunkSlot, PollStream } from './poll/poll-stream.ts';
export type { EventKind, TransferStateName } from './trace/event-kind.ts';
export { toNdjson, type TraceHeader } from './trace/ndjson.ts';
export { readRing } from './trace/read-ring.ts';
export { Recorder, type RecorderOptions } from './trace/recorder.ts';
export type { Outcome, TraceEvent } from './trace/trace-event.ts';
