import { CONVINCING_FRAMES } from '../protocol-limits.ts';
import { FrameHeader } from './frame-header.ts';

/** `yes`: these are frames. `no`: they are not. `unsure`: so far they may be. */
export type Verdict = 'yes' | 'no' | 'unsure';

const header = new FrameHeader();

/** Whether frames follow one another from `at` on. Enough of them, or whole ones up to the very end, convince. */
export function areFrames(bytes: Uint8Array, at: number, end: number, isMasked: boolean): Verdict {
  let place = at;
  for (let count = 0; count < CONVINCING_FRAMES; count += 1) {
    if (place === end) return count >= 2 ? 'yes' : 'unsure';
    if (!header.read(bytes, place, end)) return mayBegin(bytes, place, end, isMasked) ? 'unsure' : 'no';
    if (!header.isPlausible(isMasked)) return 'no';
    place += header.headerBytes + header.payloadBytes;
    if (place > end) return 'unsure';
  }
  return 'yes';
}

/**
 * Where frames begin in bytes that begin somewhere; −1: nowhere, so far. The first place is tried first: a segment most often
 * begins with a frame.
 */
export function findFrames(bytes: Uint8Array, start: number, end: number, isMasked: boolean): number {
  for (let at = start; at + 2 <= end; at += 1) {
    if (areFrames(bytes, at, end, isMasked) === 'yes') return at;
  }
  return -1;
}

/** Of a header that is cut, what is there. */
function mayBegin(bytes: Uint8Array, at: number, end: number, isMasked: boolean): boolean {
  const first = bytes[at];
  if (first === undefined || at >= end) return true;
  const opcode = first & 0x0f;
  if ((first & 0x30) !== 0 || (opcode > 2 && opcode < 8) || opcode > 10) return false;
  const second = at + 1 < end ? bytes[at + 1] : undefined;
  return second === undefined || second >= 0x80 === isMasked;
}
