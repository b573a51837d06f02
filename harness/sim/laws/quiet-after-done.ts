import type { HalfWatch } from '../half-watch.ts';
import type { ScriptedCall } from '../script.ts';

/** No call of a half after it is done. To be asked before each call. */
export function checkQuiet({ isDone, half }: HalfWatch, call: ScriptedCall): string | null {
  if (!isDone) return null;
  return `A ${call} was made after the ${half === 'read' ? 'end of the stream was read' : 'shutdown was done'}`;
}
