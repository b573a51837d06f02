import { printable } from '../../src/printable.ts';
import type { FailedConnection, FailedConnections } from '../../src/diagnose/failed-connections.ts';
import { counted, thousands } from './format-number.ts';

const SHOWN = 4;

/**
 * `connection 1 (STREAM_FAILED), with 5 bytes of b -> a read and not delivered`, for each that failed so.
 * @param only of this connection; null: of all.
 */
export function failedLines({ kept, count }: FailedConnections, only: number | null): string[] {
  const meant = only === null ? kept : kept.filter(({ connection }) => connection === only);
  const left = (only === null ? count : meant.length) - SHOWN;
  return [...meant.slice(0, SHOWN).map(lineOf), ...(left > 0 ? [`and ${thousands(left)} more: --json`] : [])];
}

function lineOf({ connection, code, aToB, bToA }: FailedConnection): string {
  const directions = [
    ['a -> b', aToB],
    ['b -> a', bToA],
  ] as const;
  const bytes = directions.filter(([, n]) => n > 0).map(([direction, n]) => `${counted(n, 'byte')} of ${direction}`);
  const why = code === undefined ? '' : ` (${printable(code)})`;
  return `connection ${connection}${why}, with ${bytes.join(' and ')} read and not delivered`;
}
