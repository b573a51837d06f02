import type { Clock } from '../../../src/poll/clock.ts';
import { within, type InspectorClient } from '../../../src/watch/inspector-client.ts';
import type { CallFrame } from '../../../src/watch/read-frames.ts';
import { DESK_KEY, type LentRing } from './guard-desk.ts';
import { ownTimeout } from './own-timeout.ts';
import type { StuckPlace } from './stuck-place.ts';
import type { StuckThread } from './stuck-thread.ts';

const RINGS_TIMEOUT_MS = 200;

const DESK = `globalThis[Symbol.for('${DESK_KEY}')]`;
// In a vm pool the file's global object is not the thread's; `process` is the same.
const ANY_DESK = `(${DESK} ?? process[Symbol.for('${DESK_KEY}')])?.desk`;

/** Has the desk of a thread that stands in the debugger do something. */
export async function ask(client: InspectorClient, call: string): Promise<unknown> {
  const answer = await client.post('Runtime.evaluate', {
    expression: `${ANY_DESK}?.${call}`,
    returnByValue: true,
    silent: true,
  });
  return (answer as { result: { value?: unknown } }).result.value;
}

export async function askPlace(client: InspectorClient, callFrames: readonly CallFrame[]): Promise<StuckPlace | null> {
  const text = await ask(client, 'place()');
  // The desk has made it: there is nobody else who would.
  const place = typeof text === 'string' ? (JSON.parse(text) as StuckPlace | null) : null;
  if (place === null || place.isLimitSet || place.phase === 'collect') return place;
  return { ...place, limitMs: (await ownTimeout(client, callFrames)) ?? place.limitMs };
}

export async function askRings(
  thread: StuckThread,
  client: InspectorClient,
  clock: Clock,
): Promise<readonly LentRing[]> {
  const rings = thread.nextRings();
  await ask(client, 'lend()');
  return (await within(rings, RINGS_TIMEOUT_MS, clock)) ?? [];
}

/** The user's outermost function: the test or the hook itself, if what runs was called by it. */
export function outermost(callFrames: readonly CallFrame[]): string {
  const frame = callFrames.findLast(
    ({ url }) => url !== '' && !url.startsWith('node:') && !/\/(?:node_modules)\//.test(url),
  );
  if (frame === undefined) return '';
  const { scriptId, lineNumber } = frame.functionLocation ?? frame.location;
  return `${scriptId}:${lineNumber}`;
}
