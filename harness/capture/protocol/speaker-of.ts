import { isHttp } from './http/http-head.ts';
import { FrameHeader } from './websocket/frame-header.ts';

const LONGEST_BEGINNING = 16;
const header = new FrameHeader();

/** Who says this, by how it begins: a request, or a frame with a mask, is a client's. Null: that does not tell. */
export function speakerOf(bytes: Uint8Array, start: number, end: number): 'client' | 'server' | null {
  const beginning = Buffer.from(bytes.subarray(start, Math.min(end, start + LONGEST_BEGINNING)));
  if (isHttp(beginning, true) === 'yes') return 'client';
  if (isHttp(beginning, false) === 'yes') return 'server';
  // A frame tells by its mask if the segment is just it.
  if (!header.read(bytes, start, end) || header.payloadBytes === 0) return null;
  if (start + header.headerBytes + header.payloadBytes !== end) return null;
  if (header.isPlausible(true)) return 'client';
  return header.isPlausible(false) ? 'server' : null;
}
