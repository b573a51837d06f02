import { crc32 } from 'node:zlib';
import { invariant } from '../../errors.ts';
import { CHUNK_ALIGNMENT, CHUNK_HEADER_BYTES, MAX_BODY_BYTES, MAX_CHUNK_TYPE } from './trace-format.ts';

/** A chunk of a trace whose checksums are right. Its body belongs to the reader, and is used again for the next one. */
export interface Chunk {
  readonly type: number;
  /** Where its header begins in the file; in NDJSON, its line. */
  readonly offset: number;
  /** NDJSON: the number of its line, from 1. */
  readonly line?: number;
  /** At a multiple of eight bytes of its memory, in a file whose chunks are. */
  readonly body: Uint8Array;
}

export function paddedBytes(bodyBytes: number): number {
  return Math.ceil(bodyBytes / CHUNK_ALIGNMENT) * CHUNK_ALIGNMENT;
}

/** A whole chunk: header, body (given in parts), padding. */
export function encodeChunk(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const bodyBytes = parts.reduce((sum, part) => sum + part.length, 0);
  invariant(bodyBytes <= MAX_BODY_BYTES && type >= 1 && type <= MAX_CHUNK_TYPE, `chunk ${type} of ${bodyBytes} bytes`);
  const bytes = new Uint8Array(CHUNK_HEADER_BYTES + paddedBytes(bodyBytes));
  let at = CHUNK_HEADER_BYTES;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, bodyBytes, true);
  view.setUint32(8, crc32(bytes.subarray(CHUNK_HEADER_BYTES, at)), true);
  view.setUint32(12, crc32(bytes.subarray(0, 12)), true);
  return bytes;
}

/** What a chunk's header says. */
export interface ChunkHeader {
  readonly type: number;
  readonly bodyBytes: number;
  readonly bodyCrc: number;
}

/** The header at `at`, or null if none is there. */
export function chunkHeaderAt(view: DataView, at: number): ChunkHeader | null {
  const type = view.getUint32(at, true);
  const bodyBytes = view.getUint32(at + 4, true);
  // Looked at first because it is cheap: a search through damaged bytes asks at every eighth one.
  if (type === 0 || type > MAX_CHUNK_TYPE || bodyBytes > MAX_BODY_BYTES) return null;
  const twelve = new Uint8Array(view.buffer, view.byteOffset + at, 12);
  if (crc32(twelve) !== view.getUint32(at + 12, true)) return null;
  return { type, bodyBytes, bodyCrc: view.getUint32(at + 8, true) };
}
