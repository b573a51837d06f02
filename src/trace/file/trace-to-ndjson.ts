import { decodeRecords, isExtension, recordSpan } from '../decode-records.ts';
import { encodeEvent } from '../encode-event.ts';
import { WORDS_PER_RECORD } from '../ring-layout.ts';
import type { TraceEvent } from '../trace-event.ts';
import { encodeBase64 } from './base64.ts';
import { requireLittleEndian } from './byte-order.ts';
import { encodeChunk, type Chunk } from './chunk.ts';
import { ChunkReader } from './chunk-reader.ts';
import { decodeChunk } from './decode-chunk.ts';
import { lineOfHeader } from './ndjson-header.ts';
import { lineOfChunk } from './ndjson-note.ts';
import { NdjsonReader } from './ndjson-reader.ts';
import type { Part, PartReader } from './part.ts';
import { parseEvent } from './parse-event.ts';
import type { ByteSource } from './read-trace-bytes.ts';
import { ChunkType } from './trace-format.ts';

/**
 * A `.trace` as NDJSON, piece by piece. Nothing is lost: `ndjsonToTrace` makes the same bytes of it. What is damaged is
 * left out, and a line says so.
 *
 * Throws TRACE_MALFORMED and TRACE_UNSUPPORTED, as `readTraceBytes` does.
 */
export async function* traceToNdjson(source: ByteSource): AsyncGenerator<string, void, undefined> {
  for await (const part of parts(source, new ChunkReader())) {
    if (part.kind === 'header') yield `${lineOfHeader(part.bytes)}\n`;
    else if (part.kind === 'damage') yield `${JSON.stringify({ warning: part.message, offset: part.offset })}\n`;
    else yield linesOfChunk(part.chunk);
  }
}

/**
 * NDJSON as a `.trace`, piece by piece. A line that is wrong is left out, after it has been told to `onWarning`.
 *
 * Throws TRACE_MALFORMED and TRACE_UNSUPPORTED.
 */
export async function* ndjsonToTrace(
  source: ByteSource,
  onWarning: (message: string) => void = () => undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const part of parts(source, new NdjsonReader())) {
    if (part.kind === 'header') yield part.bytes;
    else if (part.kind === 'damage') onWarning(part.message);
    else yield encodeChunk(part.chunk.type, part.chunk.body);
  }
}

async function* parts(source: ByteSource, reader: PartReader): AsyncGenerator<Part, void, undefined> {
  requireLittleEndian();
  for await (const bytes of source) yield* reader.push(bytes);
  yield* reader.end();
}

function linesOfChunk(chunk: Chunk): string {
  const items = chunk.type === ChunkType.EVENTS ? decodeChunk(chunk) : '';
  const [item] = items;
  if (typeof item !== 'object' || item.kind !== 'records') return `${lineOfChunk(chunk)}\n`;
  const { firstSeq, words } = item;
  const lines = [JSON.stringify({ chunk: 'events', firstSeq })];
  const count = words.length / WORDS_PER_RECORD;
  for (let index = 0; index < count;) {
    const span = recordSpan(words, index);
    lines.push(
      lineOfRecords(words.subarray(index * WORDS_PER_RECORD, (index + span) * WORDS_PER_RECORD), firstSeq + index),
    );
    index += span;
  }
  return `${lines.join('\n')}\n`;
}

/** One record with its extensions. If the event does not say all that stands there, the bytes follow it. */
function lineOfRecords(words: Int32Array, seq: number): string {
  const [event] = isExtension(words, 0) ? [] : decodeRecords(words, seq);
  if (event === undefined) return JSON.stringify({ seq, kind: 'extension', raw: rawOf(words) });
  // Through what reads it, which refuses what no recorder writes.
  const parsed = parseEvent({ ...event }, seq, 0);
  const again = typeof parsed === 'string' ? [] : encodeEvent(parsed);
  // As a line, a gap is no record, but the place of those that are missing.
  const isSame =
    event.kind !== 'gap' && again.length === words.length && again.every((word, index) => word === words[index]);
  return lineOfEvent(isSame ? event : { ...event, raw: rawOf(words) });
}

/** An event as a line of NDJSON, without its end. */
export function lineOfEvent(event: TraceEvent & { readonly raw?: string }): string {
  return JSON.stringify(event, spellOut);
}

/** JSON has no NaN, no Infinity and no minus zero: they are spelled as strings beside their type (see ExtendedValue). */
function spellOut(_key: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

function rawOf(words: Int32Array): string {
  return encodeBase64(new Uint8Array(words.buffer, words.byteOffset, words.byteLength));
}
