import type { HalfWatch } from '../half-watch.ts';
import type { Ledger } from '../ledger.ts';

/** What was reported as written is what was taken. To be asked after each write that returned `result`. */
export function checkAccounting(writer: HalfWatch, { taken }: Ledger, result: unknown): string | null {
  if (!Number.isInteger(result)) return `A write reported ${describe(result)}, no count of bytes`;
  if (writer.reported === taken) return null;
  return `${writer.reported} bytes were reported as written, and ${taken} were taken`;
}

/** What the copy counted is what was reported to it. To be asked when it says that it is complete. */
export function checkCounted({ reported }: HalfWatch, counted: number): string | null {
  // What is no count of bytes has been told at its write.
  if (reported === counted || !Number.isInteger(counted)) return null;
  return `The copy counted ${counted} bytes, and ${reported} were reported to it as written`;
}

function describe(result: unknown): string {
  return typeof result === 'string' ? JSON.stringify(result) : String(result);
}
