import type { InspectorClient } from '../../../src/watch/inspector-client.ts';
import type { CallFrame } from '../../../src/watch/read-frames.ts';

/**
 * The time-out of the very test, hook or handler that runs: vitest calls each from a function that knows it, and that
 * stands on the stack as long as what it has called has not awaited anything. Null where it does not.
 */
export async function ownTimeout(client: InspectorClient, callFrames: readonly CallFrame[]): Promise<number | null> {
  const frame = callFrames.find(({ functionName }) => functionName === 'runWithTimeout');
  if (frame === undefined) return null;
  const answer = await client.post('Debugger.evaluateOnCallFrame', {
    callFrameId: frame.callFrameId,
    expression: `typeof timeout === 'number' ? timeout : null`,
    returnByValue: true,
    silent: true,
  });
  const { value } = (answer as { result: { value?: unknown } }).result;
  return typeof value === 'number' ? value : null;
}
