import {
  VERDICT_OUTCOMES,
  type ConnectionNote,
  type EndNote,
  type SocketNote,
  type SocketsNote,
  type StackFrame,
  type StackNote,
  type TraceAbout,
  type Verdict,
} from '../trace-note.ts';
import { ChunkType } from './trace-format.ts';

/** Whether a value out of a file is what the types say. Fields that are not known here may be anything. */
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number';
const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const oneOf =
  (...names: readonly string[]): Check =>
  (value) =>
    names.some((name) => name === value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every((one) => check(one));

/** Of all fields that the type names, so that none is forgotten here. */
function record<T>(fields: Readonly<Record<keyof Required<T>, Check>>): Check {
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    // Not a field of the prototype: what came out of JSON has its own.
    Object.entries<Check>(fields).every(([name, check]) =>
      check(Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined),
    );
}

const direction = oneOf('a -> b', 'b -> a');
const text = maybe(isText);
const number = maybe(isNumber);
const local = record<StackFrame['locals'][number]>({ name: isText, value: isText });
const frame = record<StackFrame>({
  function: isText,
  url: isText,
  line: isNumber,
  column: isNumber,
  locals: listOf(local),
});
const socket = record<SocketNote>({
  local: text,
  remote: text,
  bytesRead: isNumber,
  bytesWritten: isNumber,
  readable: isNumber,
  writable: isNumber,
  state: isText,
});

/** What the JSON in a chunk must be, by its type: the interfaces of trace-note.ts, field by field. */
export const NOTE_SHAPES: ReadonlyMap<number, Check> = new Map([
  [
    ChunkType.ABOUT,
    record<TraceAbout>({
      writer: text,
      title: text,
      dialect: text,
      options: maybe(record<Record<string, never>>({})),
      startedAt: text,
      startedAtMs: number,
      pid: number,
      runtime: text,
      platform: text,
    }),
  ],
  [
    ChunkType.CONNECTION,
    record<ConnectionNote>({
      connection: isNumber,
      a: text,
      b: text,
      sight: maybe(oneOf('calls', 'streams')),
      openedMs: number,
      closedMs: number,
      end: text,
      message: text,
    }),
  ],
  [ChunkType.STACK, record<StackNote>({ thread: isText, atMs: isNumber, frames: listOf(frame), omitted: number })],
  [ChunkType.SOCKETS, record<SocketsNote>({ atMs: isNumber, sockets: listOf(socket), omitted: number })],
  [
    ChunkType.VERDICT,
    record<Verdict>({
      outcome: oneOf(...VERDICT_OUTCOMES),
      message: isText,
      atMs: isNumber,
      silentMs: number,
      loop: maybe(oneOf('synchronous', 'microtask', 'event-loop')),
      where: maybe(oneOf('copy', 'outside')),
      connection: number,
      direction: maybe(direction),
      half: maybe(oneOf('read', 'write')),
      cpu: number,
      rounds: number,
    }),
  ],
  [
    ChunkType.END,
    record<EndNote>({ reason: oneOf('closed', 'limit', 'signal', 'exit', 'error'), atMs: isNumber, message: text }),
  ],
]);
