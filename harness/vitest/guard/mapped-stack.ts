import type { StackFrame } from '../../../src/trace/trace-note.ts';
import type { InspectorClient } from '../../../src/watch/inspector-client.ts';
import type { CallFrame } from '../../../src/watch/read-frames.ts';

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

export interface MappedStack {
  readonly frames: readonly StackFrame[];
  /** Lines as an Error has them: `    at name (file:line:column)`. */
  readonly lines: readonly string[];
}

/**
 * The frames of a paused thread with the lines of the sources: vitest runs what it has made of them, and only the thread
 * itself knows which line came from where. An Error that is made in its innermost frame has them mapped.
 */
export async function mappedStack(
  client: InspectorClient,
  callFrames: readonly CallFrame[],
  frames: readonly StackFrame[],
): Promise<MappedStack> {
  const [innermost] = callFrames;
  const lines = innermost === undefined ? [] : await stackLines(client, innermost);
  // What is built in has a line in an Error, and no frame in a debugger.
  const places = lines.filter((line) => !/\(<anonymous>\)$|^    at async /.test(line));
  return { frames: frames.map((frame, index) => withPlace(frame, places[index] ?? '')), lines };
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
  const place = /(?:\(|at (?:async )?)([^()\s][^()]*):(\d+):(\d+)\)?$/.exec(line);
  const [, file = '', row = '', column = ''] = place ?? [];
  if (place === null || frame.url.startsWith('node:') || file.startsWith('node:')) return frame;
  const url = file.startsWith('/') ? `file://${file}` : file;
  return { ...frame, url, line: Number(row), column: Number(column) };
}
