import { crc32 } from 'node:zlib';
import { TraceError } from './trace-error.ts';
import {
  CHUNK_ALIGNMENT,
  FILE_HEADER_BYTES,
  FILE_MAGIC,
  FORMAT_MAJOR,
  FORMAT_MINOR,
  MAX_FILE_HEADER_BYTES,
  RECORD_BYTES,
} from './trace-format.ts';

const CRC_OFFSET = 28;

/** The first 32 bytes of a `.trace`. */
export interface FileHeader {
  readonly minor: number;
  /** Chunks begin here. */
  readonly headerBytes: number;
  /** Milliseconds since 1970, with a fraction; 0 if not known. */
  readonly startedAtMs: number;
}

export function encodeFileHeader(startedAtMs: number): Uint8Array {
  const bytes = new Uint8Array(FILE_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(FILE_MAGIC);
  view.setUint16(8, FORMAT_MAJOR, true);
  view.setUint16(10, FORMAT_MINOR, true);
  view.setUint32(12, FILE_HEADER_BYTES, true);
  view.setFloat64(16, startedAtMs, true);
  view.setUint32(24, RECORD_BYTES, true);
  view.setUint32(CRC_OFFSET, crc32(bytes.subarray(0, CRC_OFFSET)), true);
  return bytes;
}

/**
 * Reads the beginning of a `.trace`, of which there may be less than a header.
 *
 * Throws TRACE_MALFORMED, and TRACE_UNSUPPORTED for a newer major version.
 */
export function decodeFileHeader(bytes: Uint8Array): FileHeader {
  const wrong = FILE_MAGIC.findIndex((byte, index) => bytes[index] !== byte);
  if (wrong !== -1) {
    const got = bytes.length <= wrong ? `the end of the file after ${bytes.length} bytes` : hex(bytes.subarray(0, 8));
    throw malformed(`expected the bytes ${hex(FILE_MAGIC)} at its beginning, got ${got}`, wrong);
  }
  if (bytes.length < FILE_HEADER_BYTES) {
    throw malformed(`expected a header of ${FILE_HEADER_BYTES} bytes, got ${bytes.length}`, bytes.length);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, FILE_HEADER_BYTES);
  const major = view.getUint16(8, true);
  const [is, should] = [view.getUint32(CRC_OFFSET, true), crc32(bytes.subarray(0, CRC_OFFSET))];
  if (is !== should) throw malformed(`expected checksum ${should} of its header, got ${is}`, CRC_OFFSET);
  if (major !== FORMAT_MAJOR) {
    throw new TraceError(
      'TRACE_UNSUPPORTED',
      `Unsupported version of the trace format: expected ${FORMAT_MAJOR}, got ${major}.${view.getUint16(10, true)}`,
      { offset: 8 },
    );
  }
  const headerBytes = view.getUint32(12, true);
  const isLength = headerBytes >= FILE_HEADER_BYTES && headerBytes <= MAX_FILE_HEADER_BYTES;
  if (!isLength || headerBytes % CHUNK_ALIGNMENT !== 0) {
    const range = `${FILE_HEADER_BYTES} … ${MAX_FILE_HEADER_BYTES}, a multiple of ${CHUNK_ALIGNMENT}`;
    throw malformed(`expected a header of ${range}, got ${headerBytes}`, 12);
  }
  const recordBytes = view.getUint32(24, true);
  if (recordBytes !== RECORD_BYTES)
    throw malformed(`expected records of ${RECORD_BYTES} bytes, got ${recordBytes}`, 24);
  return { minor: view.getUint16(10, true), headerBytes, startedAtMs: view.getFloat64(16, true) };
}

function malformed(what: string, offset: number): TraceError {
  return new TraceError('TRACE_MALFORMED', `Malformed trace at offset ${offset}: ${what}`, { offset });
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
