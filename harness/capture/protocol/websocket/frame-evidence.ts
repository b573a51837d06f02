import { isUtf8 } from 'node:buffer';
import { Opcode } from '../../../faults/websocket/wire/frame.ts';
import { MAX_WEIGHED_FRAMES } from '../protocol-limits.ts';
import { FrameHeader } from './frame-header.ts';
import { unmask } from './unmask.ts';

/** `yes`: these are frames. `no`: they are not. `unsure`: so far they may be. */
export type Verdict = 'yes' | 'no' | 'unsure';

/** Thirteen of 256 first bytes begin a frame, and half of the second ones have the right mask bit. */
const HEADER_BITS = 6;
/** That frames end where the bytes end, by chance: one in 64. */
const ALIGNED_BITS = 6;
/** Of 65,536 codes some 2,000 are those of a Close frame. */
const CLOSE_BITS = 5;
/** Text is looked at so far, and its printable ASCII is a sign: a byte of chance is that in two cases of five. */
const LOOKED_AT_BYTES = 64;
const MAX_TEXT_BITS = 16;
const BITS_PER_CHARACTER = 1.3;
/** With so many bits of its own, a frame needs no other to be believed. */
const TELLING_BITS = 10;
/** So many frames in a row that say nothing are a pattern. */
const MAX_IDLE_FRAMES = 4;
/** A character of UTF-8 may be cut at the end. */
const MAX_CUT_BYTES = 3;

const header = new FrameHeader();

/** Whether frames follow one another from `at` on, of a direction with masks or without: if that is as sure as `neededBits` says. */
export function areFrames(
  bytes: Uint8Array,
  at: number,
  end: number,
  { isMasked, neededBits }: { readonly isMasked: boolean; readonly neededBits: number },
): Verdict {
  // Most places are none.
  if (!mayBegin(bytes, at, end, isMasked)) return 'no';
  let place = at;
  let bits = 0;
  // Whether a message is under way: at first, nobody knows.
  let isOpen: boolean | null = null;
  let mask = 0;
  let idle = 0;
  for (let count = 0; count < MAX_WEIGHED_FRAMES; count += 1) {
    if (bits >= neededBits) return 'yes';
    if (place === end && count > 0) return bits + ALIGNED_BITS >= neededBits ? 'yes' : 'unsure';
    if (!header.read(bytes, place, end)) return mayBegin(bytes, place, end, isMasked) ? 'unsure' : 'no';
    if (!header.isPlausible(isMasked)) return 'no';
    const { opcode, fin } = header;
    if (!header.isControl) {
      if (isOpen !== null && isOpen !== (opcode === Opcode.CONTINUATION)) return 'no';
      isOpen = !fin;
    }
    const evidence = contentBits(bytes, place + header.headerBytes, end);
    if (evidence === null) return 'no';
    // The same mask again is what a pattern looks like, and no client does that, but one that leaves the mask at 0. So are zeros.
    if (mask !== 0 && header.mask === mask) return 'no';
    const isPattern = (isMasked && header.mask === 0) || (!fin && header.payloadBytes === 0);
    const gained = (isPattern ? 0 : HEADER_BITS) + evidence;
    bits += gained;
    idle = gained === 0 ? idle + 1 : 0;
    if (idle === MAX_IDLE_FRAMES) return 'no';
    mask = header.mask;
    place += header.headerBytes + header.payloadBytes;
    if (place > end) return bits >= neededBits ? 'yes' : 'unsure';
  }
  return bits >= neededBits ? 'yes' : 'no';
}

/**
 * The length of the frame that begins at `at`, header included, if nothing but the frames behind it speaks for it; 0: what is in it
 * does, too.
 */
export function bareFrameBytes(bytes: Uint8Array, at: number, end: number): number {
  if (!header.read(bytes, at, end)) return 0;
  const evidence = contentBits(bytes, at + header.headerBytes, end) ?? 0;
  return evidence >= TELLING_BITS ? 0 : header.headerBytes + header.payloadBytes;
}

/** What the payload of the frame in `header`, as far as it is there, says for it; null: that it is none. */
function contentBits(bytes: Uint8Array, at: number, end: number): number | null {
  const { opcode, rsv, mask, payloadBytes } = header;
  const until = Math.min(end, at + payloadBytes, at + LOOKED_AT_BYTES);
  if (opcode === Opcode.CLOSE) return closeBits(unmask(bytes, at, Math.max(at, until), mask, 0));
  if (opcode !== Opcode.TEXT || rsv !== 0 || until <= at) return 0;
  const text = unmask(bytes, at, until, mask, 0);
  if (text.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09))
    return Math.min(MAX_TEXT_BITS, Math.floor(text.length * BITS_PER_CHARACTER));
  for (let cut = 0; cut <= MAX_CUT_BYTES; cut += 1) {
    if (isUtf8(text.subarray(0, text.length - cut))) return text.length > MAX_CUT_BYTES + 1 ? 1 : 0;
  }
  return null;
}

function closeBits(payload: Uint8Array): number | null {
  const [high, low] = payload;
  if (high === undefined || low === undefined) return 0;
  const code = high * 256 + low;
  if (code < 1000 || (code > 1014 && code < 3000) || code > 4999) return null;
  return CLOSE_BITS;
}

/** Of a header that is cut, what is there. */
function mayBegin(bytes: Uint8Array, at: number, end: number, isMasked: boolean): boolean {
  const first = bytes[at];
  if (first === undefined || at >= end) return true;
  const opcode = first & 0x0f;
  if ((first & 0x30) !== 0 || (opcode > 2 && opcode < 8) || opcode > 10) return false;
  if (opcode >= 8 && (first & 0xc0) !== 0x80) return false;
  const second = at + 1 < end ? bytes[at + 1] : undefined;
  return second === undefined || second >= 0x80 === isMasked;
}
