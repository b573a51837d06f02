import { decodeBase64, encodeBase64 } from './base64.ts';
import type { Chunk } from './chunk.ts';
import { decodePayload, decodeStrings, parseJson } from './decode-chunk.ts';
import { encodeString, payloadHead } from './encode-item.ts';
import type { Fields } from './parse-event.ts';
import { ChunkType, MAX_BODY_BYTES, MAX_CHUNK_TYPE, STRING_HEAD_BYTES } from './trace-format.ts';

/** What a line calls a chunk; of a type that has no name, its number. */
const NAMES: readonly (readonly [string, number])[] = [
  ['about', ChunkType.ABOUT],
  ['strings', ChunkType.STRINGS],
  ['events', ChunkType.EVENTS],
  ['connection', ChunkType.CONNECTION],
  ['stack', ChunkType.STACK],
  ['sockets', ChunkType.SOCKETS],
  ['verdict', ChunkType.VERDICT],
  ['payload', ChunkType.PAYLOAD],
  ['end', ChunkType.END],
];

/** A chunk as one line of NDJSON, without its end. What would not come back byte for byte is given as base64. */
export function lineOfChunk({ type, body }: Pick<Chunk, 'type' | 'body'>): string {
  const chunk = NAMES.find(([, one]) => one === type)?.[0] ?? type;
  const raw = (): string => JSON.stringify({ chunk, raw: encodeBase64(body) });
  const fields = fieldsOf(type, body);
  const line = fields === null ? null : stringify({ chunk, ...fields });
  if (line === null) return raw();
  const back = chunkOfLine(JSON.parse(line) as Fields);
  return typeof back !== 'string' && Buffer.compare(back.body, body) === 0 ? line : raw();
}

function fieldsOf(type: number, body: Uint8Array): object | null {
  if (type === ChunkType.PAYLOAD) {
    const payload = decodePayload(body);
    return typeof payload === 'string' ? null : { ...payload, bytes: encodeBase64(payload.bytes) };
  }
  if (type === ChunkType.STRINGS) {
    const strings = decodeStrings(body);
    return typeof strings === 'string' ? null : { strings };
  }
  if (type === ChunkType.EVENTS || type > ChunkType.END) return null;
  const note = parseJson(body);
  return typeof note === 'object' && note !== null && !Array.isArray(note) ? note : null;
}

/** The chunk that a line stands for, or in words what is wrong with it. */
export function chunkOfLine(line: Fields): Pick<Chunk, 'type' | 'body'> | string {
  const { chunk, ...fields } = line;
  const type = typeof chunk === 'number' ? chunk : NAMES.find(([name]) => name === chunk)?.[1];
  if (type === undefined || !(Number.isInteger(type) && type >= 1 && type <= MAX_CHUNK_TYPE)) {
    return `expected "chunk" to be a name or a number of 1 … ${MAX_CHUNK_TYPE}`;
  }
  const body = bodyOf(type, fields);
  if (typeof body === 'string') return body;
  return body.length > MAX_BODY_BYTES ? `expected at most ${MAX_BODY_BYTES} bytes, got ${body.length}` : { type, body };
}

function bodyOf(type: number, fields: Fields): Uint8Array | string {
  if (fields['raw'] !== undefined) return decodeBase64(fields['raw']) ?? 'expected "raw" to be base64';
  if (type === ChunkType.PAYLOAD) return bodyOfPayload(fields);
  if (type === ChunkType.STRINGS) return bodyOfStrings(fields['strings']);
  if (type === ChunkType.EVENTS || type > ChunkType.END) return 'expected "raw"';
  const text = stringify(fields);
  return text === null ? 'nested too deep' : Buffer.from(text);
}

/** `null` for what was nested too deep: JSON is parsed at any depth, but not written. */
function stringify(value: object): string | null {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function bodyOfPayload({ connection, direction, offset, redacted, bytes: text }: Fields): Uint8Array | string {
  const bytes = decodeBase64(text);
  if (bytes === null) return 'expected "bytes" to be base64';
  if (direction !== 'a -> b' && direction !== 'b -> a') return 'expected "direction" to be "a -> b" or "b -> a"';
  if (!isCount(connection) || connection > 0xffffffff) return 'expected "connection" to be a number of 32 bits';
  if (!isCount(offset)) return 'expected "offset" to be a number of bytes';
  return Buffer.concat([payloadHead({ connection, direction, offset, redacted: redacted === true }), bytes]);
}

function bodyOfStrings(strings: unknown): Uint8Array | string {
  const wrong = 'expected "strings" to be a list of {"id","text"}';
  if (!Array.isArray(strings)) return wrong;
  const entries: Uint8Array[] = [];
  for (const entry of strings as unknown[]) {
    if (typeof entry !== 'object' || entry === null) return wrong;
    const { id, text } = entry as Fields;
    if (!isCount(id) || id > 0xffffffff || typeof text !== 'string') return wrong;
    if (Buffer.byteLength(text) > MAX_BODY_BYTES - STRING_HEAD_BYTES) return wrong;
    entries.push(encodeString(id, text));
  }
  return Buffer.concat(entries);
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
