import { WORDS_PER_RECORD } from '../ring-layout.ts';

/**
 * The numbers of the `.trace` format; traces/README.md tells it in full. Everything is little-endian, and every chunk
 * begins at a multiple of eight bytes.
 *
 *     file header (32 bytes) | chunk | chunk | …
 *     chunk: type, bytes of the body, crc32 of the body, crc32 of these twelve | body | zeros up to a multiple of 8
 */
export const FORMAT_MAJOR = 1;
export const FORMAT_MINOR = 0;

/** No text begins with it, and a transfer as text breaks it: as PNG does it. */
export const FILE_MAGIC = Uint8Array.of(0x89, 0x52, 0x53, 0x43, 0x0d, 0x0a, 0x1a, 0x0a);
export const FILE_HEADER_BYTES = 32;
/** A newer minor version may have a longer header, within this. */
export const MAX_FILE_HEADER_BYTES = 4096;

export const CHUNK_HEADER_BYTES = 16;
export const CHUNK_ALIGNMENT = 8;
/** A body is never longer, so that a reader knows how much memory it needs. */
export const MAX_BODY_BYTES = 1 << 20;
/** Types are 1 … 65535, so that a search for the next header passes over most of what is none. */
export const MAX_CHUNK_TYPE = 0xffff;

export const ChunkType = {
  ABOUT: 1,
  STRINGS: 2,
  EVENTS: 3,
  CONNECTION: 4,
  STACK: 5,
  SOCKETS: 6,
  VERDICT: 7,
  PAYLOAD: 8,
  END: 9,
} as const;

export const RECORD_BYTES = WORDS_PER_RECORD * 4;
/** An events chunk begins with the number of its first record: 64 bits. */
export const EVENTS_HEAD_BYTES = 8;
export const MAX_EVENTS_PER_CHUNK = Math.floor((MAX_BODY_BYTES - EVENTS_HEAD_BYTES) / RECORD_BYTES);
/** A payload chunk begins with connection, flags, and the offset of the first byte: 32, 32 and 64 bits. */
export const PAYLOAD_HEAD_BYTES = 16;
export const PayloadFlag = { B_TO_A: 1, REDACTED: 2 } as const;
/** Each string of a strings chunk begins with its id and its length in bytes. */
export const STRING_HEAD_BYTES = 8;

/**
 * An events chunk may take back so many of the latest records by starting below them: a recorder's tail is provisional,
 * because repeats grow and polls are collapsed. A reader therefore passes a record on when so many have followed.
 */
export const MAX_REWIND_RECORDS = 512;

/** A reader that has met so much damage says no more of it. */
export const MAX_WARNINGS = 100;
