import { decodeBase64, encodeBase64 } from './base64.ts';
import { decodeFileHeader, encodeFileHeader } from './file-header.ts';
import type { Line } from './line-reader.ts';
import { chunkOfLine, isCount } from './ndjson-note.ts';
import type { Part } from './part.ts';
import type { Fields } from './parse-event.ts';
import { FORMAT_MAJOR } from './trace-format.ts';
import { TraceError } from './trace-error.ts';

/** The first line of a trace as NDJSON, for the header of a `.trace`. */
export function lineOfHeader(bytes: Uint8Array): string {
  const { startedAtMs } = decodeFileHeader(bytes);
  const known = { relayscope: 'trace', version: FORMAT_MAJOR };
  const isPlain = Number.isFinite(startedAtMs) && Buffer.compare(encodeFileHeader(startedAtMs), bytes) === 0;
  // Minus zero is no number of JSON.
  if (!isPlain || Object.is(startedAtMs, -0)) return JSON.stringify({ ...known, raw: encodeBase64(bytes) });
  return JSON.stringify(startedAtMs === 0 ? known : { ...known, startedAtMs });
}

/**
 * The header that the first line stands for, and what else it says of the trace.
 *
 * Throws TRACE_MALFORMED, and TRACE_UNSUPPORTED for a newer major version.
 */
export function* partsOfFirstLine(line: Line): Generator<Part> {
  const fields = parseFields(line.text ?? '');
  if (fields?.['relayscope'] !== 'trace') {
    throw malformed(line, `expected {"relayscope":"trace","version":${FORMAT_MAJOR},…} as the first line`);
  }
  const { relayscope: _, version, raw, startedAtMs = 0, ...about } = fields;
  if (!isCount(version)) throw malformed(line, 'expected "version" to be a number');
  if (version !== FORMAT_MAJOR) {
    throw new TraceError(
      'TRACE_UNSUPPORTED',
      `Unsupported version of the trace format: expected ${FORMAT_MAJOR}, got ${version}`,
      { offset: line.offset, line: line.number },
    );
  }
  if (typeof startedAtMs !== 'number') throw malformed(line, 'expected "startedAtMs" to be milliseconds since 1970');
  const bytes = raw === undefined ? encodeFileHeader(startedAtMs) : decodeBase64(raw);
  if (bytes === null) throw malformed(line, 'expected "raw" to be base64');
  yield { kind: 'header', header: decodeFileHeader(bytes), bytes };
  // In a trace of a person's or a program's own making the first line may say it all.
  if (Object.keys(about).length === 0) return;
  const chunk = chunkOfLine({ ...about, chunk: 'about' });
  if (typeof chunk === 'string') throw malformed(line, chunk);
  yield { kind: 'chunk', chunk: { ...chunk, offset: line.offset, line: line.number } };
}

/** The object that a line is, or null. */
export function parseFields(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
  } catch {
    return null;
  }
}

function malformed(line: Line, what: string): TraceError {
  const got = line.text === null ? 'a line that is too long' : JSON.stringify(line.text.slice(0, 60));
  return new TraceError(
    'TRACE_MALFORMED',
    `Malformed trace at line ${line.number}, offset ${line.offset}: ${what}, got ${got}`,
    { offset: line.offset, line: line.number },
  );
}
