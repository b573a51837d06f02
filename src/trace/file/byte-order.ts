import { endianness } from 'node:os';
import { TraceError } from './trace-error.ts';

/**
 * Records are handed on as 32-bit words just as they stand in the file, which is little-endian. A machine of the other
 * order must not misread them silently.
 *
 * Throws TRACE_UNSUPPORTED.
 */
export function requireLittleEndian(order: 'BE' | 'LE' = endianness()): void {
  if (order === 'LE') return;
  throw new TraceError('TRACE_UNSUPPORTED', 'Unsupported machine: expected little-endian byte order, got big-endian');
}
