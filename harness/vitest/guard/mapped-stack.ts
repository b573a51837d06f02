import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Clock } from '../../../src/poll/clock.ts';
import type { StackFrame } from '../../../src/trace/trace-note.ts';
import { within, type InspectorClient } from '../../../src/watch/inspector-client.ts';
import type { CallFrame } from '../../../src/watch/read-frames.ts';
import { linePlace } from './line-place.ts';

/** The function that asks, and the evaluation that it is in. */
const LINES_ON_TOP = 2;
const EXPRESSION = `(() => {
  const limit = Error.stackTraceLimit;
  try {
    Error.stackTraceLimit = 200;
    return String(new Error('').stack);
  } catch {
    return '';
  } finally {
    Error.stackTraceLimit = limit;
  }
})()`;

/** A step ends at once, unless it is over a call that does not end. */
const STEP_TIMEOUT_MS = 100;
const MAX_STEPS = 6;

export interface MappedStack {
  readonly frames: readonly StackFrame[];
  /** Lines as an Error has them: `    at name (file:line:column)`. */
  readonly lines: readonly string[];
}

export interface PausedStack {
  readonly callFrames: readonly CallFrame[];
  readonly frames: readonly StackFrame[];
}

/**
 * The frames of a paused thread with the lines of the sources: vitest runs what it has made of them, and only the thread
 * itself knows which line came from where. An Error that is made in its innermost frame has them mapped. The thread may
 * stand a few steps further on afterwards.
 */
export async function mappedStack(
  client: InspectorClient,
  { callFrames, frames }: PausedStack,
  clock: Clock,
): Promise<MappedStack> {
  const [innermost] = callFrames;
  if (innermost === undefined) return { frames, lines: [] };
  const lines = await stackLines(client, innermost);
  if (isUnmapped(lines[0] ?? '', innermost))
    lines[0] = (await mappedNearBy(client, innermost, clock)) ?? lines[0] ?? '';
  // What is built in has a line in an Error, and no frame in a debugger.
  const places = lines.filter((line) => !/\(<anonymous>\)$|^    at async /.test(line));
  return { frames: frames.map((frame, index) => withPlace(frame, places[index] ?? '')), lines };
}

/** A map tells nothing of the place where a loop begins anew, as of all that stands in no source: it is where it was made. */
function isUnmapped(line: string, { location }: CallFrame): boolean {
  const [, row, column] = /:(\d+):(\d+)\)?$/.exec(line) ?? [];
  const isSame = Number(row) === location.lineNumber + 1 && Number(column) === (location.columnNumber ?? 0) + 1;
  return isSame && !line.includes('/node_modules/');
}

/** The line of the same function after a few steps, once there is one that the map knows. */
async function mappedNearBy(client: InspectorClient, innermost: CallFrame, clock: Clock): Promise<string | null> {
  const begin = innermost.functionLocation;
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const paused = new Promise<readonly CallFrame[]>((resolve) => {
      const stop = client.on('Debugger.paused', (params) => {
        stop();
        resolve((params as { callFrames: readonly CallFrame[] }).callFrames);
      });
    });
    await client.post('Debugger.stepOver');
    const [frame] = (await within(paused, STEP_TIMEOUT_MS, clock)) ?? [];
    if (frame === undefined) {
      await client.post('Debugger.pause');
      return null;
    }
    const isSame =
      begin?.scriptId === frame.functionLocation?.scriptId && begin?.lineNumber === frame.functionLocation?.lineNumber;
    if (!isSame) return null;
    const [line = ''] = await stackLines(client, frame);
    if (!isUnmapped(line, frame)) return line;
  }
  return null;
}

async function stackLines(client: InspectorClient, { callFrameId }: CallFrame): Promise<string[]> {
  const answer = await client.post('Debugger.evaluateOnCallFrame', {
    callFrameId,
    expression: EXPRESSION,
    returnByValue: true,
    silent: true,
  });
  const { value } = (answer as { result: { value?: unknown } }).result;
  if (typeof value !== 'string') return [];
  const lines = value.split('\n').filter((line) => line.startsWith('    at '));
  return lines.slice(LINES_ON_TOP);
}

function withPlace(frame: StackFrame, line: string): StackFrame {
  const place = linePlace(line);
  if (place === null || frame.url.startsWith('node:') || place.file.startsWith('node:')) return frame;
  const { file } = place;
  // As the debugger has it: the first look, which is not mapped, is compared with this one.
  const url = isAbsolute(file) ? pathToFileURL(file).href : file;
  return { ...frame, url, line: place.line, column: place.column };
}
