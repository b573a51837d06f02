import type { Verdict } from '../../../src/trace/trace-note.ts';

/**
 * What still holds of all that was said: the latest verdict that has not been taken back. Of several connections one may be stuck
 * while another goes on, and a busy start says nothing against what is stuck.
 */
export function standingVerdict(verdicts: Iterable<Verdict>): Verdict | null {
  let standing: Verdict[] = [];
  for (const verdict of verdicts) {
    if (verdict.outcome === 'recovered') standing = standing.filter((one) => !takesBack(verdict, one));
    else standing.push(verdict);
  }
  return standing.findLast(({ outcome }) => outcome !== 'busy') ?? standing.at(-1) ?? null;
}

/** Bytes of a connection move again, or the event loop turns again: then polls may still move nothing. */
function takesBack({ connection }: Verdict, told: Verdict): boolean {
  if (told.connection === undefined) return true;
  if (connection !== undefined) return told.connection === connection;
  return told.outcome !== 'livelocked' && told.outcome !== 'parked';
}
