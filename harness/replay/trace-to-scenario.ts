import { isCount } from '../../src/copy/count.ts';
import type { Dialect } from '../../src/copy/dialect.ts';
import type { Direction } from '../../src/poll/direction.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import type { Scenario, ScenarioOptions } from '../scenario/scenario.ts';
import { scenarioSchema } from '../scenario/scenario-schema.ts';
import { withPrintedCalls } from './printed-calls.ts';
import { recordScripts } from './record-scripts.ts';
import type { RecordedConnection } from './recorded-connection.ts';
import { recordedOutcome, type RecordedOutcome } from './recorded-outcome.ts';
import { rounds } from './rounds.ts';

/** A run of 10,000 polls that move nothing is `livelocked`: of polls that were counted together so many are replayed. */
const MAX_POLLS = 10_100;
/** A trace that tells of a larger buffer is not believed. */
const MAX_BUFFER_BYTES = 16 << 20;

/** A recorded connection as a scenario, to be run in any dialect. */
export interface TraceScenario {
  /** Without what is expected: that is what a run comes to. */
  readonly scenario: Omit<Scenario, 'expect' | 'dialects'>;
  readonly recorded: RecordedOutcome;
  /** In which it was recorded; null: that is not known. */
  readonly dialect: string | null;
  /** The events, or what was made of printed lines. */
  readonly events: readonly TraceEvent[];
  /** What was taken for granted, each in a sentence. */
  readonly assumptions: readonly string[];
}

export interface TraceToScenarioOptions {
  /** Of polls that were counted together so many are made. Default: as many as make a run `livelocked`. */
  readonly maxPolls?: number;
  /** In which it was recorded; null: that is not known. */
  readonly dialect: Dialect | null;
}

/** Makes a scenario of a recorded connection: what each side answered becomes its script, with its waits in virtual time. */
export function traceToScenario(
  connection: RecordedConnection,
  { maxPolls = MAX_POLLS, dialect }: TraceToScenarioOptions,
): TraceScenario {
  const { events, isPrinted } = withPrintedCalls(connection.events);
  const { options, isBudgeted } = recordedOptions(connection, events, isPrinted ? null : dialect);
  const scripts = recordScripts(rounds(events, maxPolls), { payload: connection.payload, isBudgeted });
  const { title } = connection.about;
  const assumptions = [...scripts.assumptions];
  if (isPrinted)
    assumptions.unshift('only the ends of iterations were printed: the calls between are inferred from pos and cap');
  const scenario = {
    title: title === undefined || title === '' ? `Connection ${connection.connection} of a trace` : title,
    options,
    seed: 1,
    a: scripts.a,
    b: scripts.b,
    plan: { faults: [] },
  };
  const recorded = recordedOutcome({ ...connection, events });
  return { scenario, events, recorded, dialect: dialect?.name ?? null, assumptions };
}

/** What the copy was set to, as far as the trace says it, or its reads show it. */
function recordedOptions(
  { about, note, events: all }: RecordedConnection,
  events: readonly TraceEvent[],
  dialect: Dialect | null,
): { options: ScenarioOptions; isBudgeted: boolean } {
  const checked = scenarioSchema.shape.options.safeParse(about.options ?? {});
  // As the schema has found it.
  const { bufferBytes, ...others } = (checked.success ? checked.data : {}) as ScenarioOptions;
  const isBelieved = bufferBytes !== undefined && areSizes(bufferBytes);
  const written: ScenarioOptions = isBelieved ? { ...others, bufferBytes } : others;
  const sizes = dialect === null || written.bufferBytes !== undefined ? null : recordedSizes(events, dialect);
  const isTimedOut = note?.end === 'HALF_CLOSE_TIMEOUT';
  const options = {
    ...written,
    ...(sizes === null ? {} : { bufferBytes: sizes }),
    ...(isTimedOut && written.halfCloseTimeoutMs === undefined ? halfCloseTimeout(all, note.closedMs) : {}),
  };
  return { options, isBudgeted: written.coopBudget === true };
}

/** The sizes of the buffers, by the room of the first reads; null if they are those of the dialect. */
function recordedSizes(events: readonly TraceEvent[], dialect: Dialect): { aToB: number; bToA: number } | null {
  const sizes = { aToB: sizeOf(events, 'a -> b', dialect), bToA: sizeOf(events, 'b -> a', dialect) };
  const { bufferBytes, hasBufferSizes } = dialect;
  if (!hasBufferSizes || !areSizes(sizes)) return null;
  if (sizes.aToB === bufferBytes && sizes.bToA === bufferBytes) return null;
  return sizes;
}

function areSizes(sizes: NonNullable<ScenarioOptions['bufferBytes']>): boolean {
  const all = typeof sizes === 'number' ? [sizes] : [sizes.aToB, sizes.bToA];
  return all.every((size) => isCount(size, 0, MAX_BUFFER_BYTES));
}

function sizeOf(events: readonly TraceEvent[], direction: Direction, { bufferBytes }: Dialect): number {
  let most = bufferBytes;
  for (const { kind, direction: of, n, offered, cap, chunk } of events) {
    // The record of a read that failed does not say its room.
    if (kind !== 'read' || of !== direction || n === 'failed' || typeof offered !== 'number') continue;
    if (chunk !== true) return cap === 0 ? offered : bufferBytes;
    // A chunk that was handed over went around the buffer, whatever its size.
    most = Math.max(most, offered);
  }
  return most;
}

/** From the moment at which the first direction was done to the end. */
function halfCloseTimeout(events: readonly TraceEvent[], closedMs: number | undefined): ScenarioOptions {
  const done = events.find(({ kind, state }) => kind === 'state' && state === 'done');
  if (done === undefined || closedMs === undefined) return {};
  return { halfCloseTimeoutMs: Math.max(1, Math.round(closedMs - done.tickMs)) };
}
