import type { HalfWatch } from '../half-watch.ts';
import type { ScriptedCall } from '../script.ts';

/** No Pending without a registered waker. To be asked after each call that returned Pending. */
export function checkWaker({ registered }: HalfWatch, call: ScriptedCall): string | null {
  return registered ? null : `A ${call} was Pending and had registered no waker`;
}
