import { RECORD_BYTES } from './trace-format.ts';
import type { Payload } from '../trace-note.ts';
import type { TraceItem } from '../trace-item.ts';
import { encodeChunk } from './chunk.ts';
import {
  ChunkType,
  EVENTS_HEAD_BYTES,
  MAX_BODY_BYTES,
  PAYLOAD_HEAD_BYTES,
  PayloadFlag,
  STRING_HEAD_BYTES,
} from './trace-format.ts';
import { TraceError } from './trace-error.ts';

const utf8 = new TextEncoder();

/**
 * The chunks of an item: most often one. A warning of a reader has none. No body is longer than `mostBytes`.
 *
 * Throws TRACE_UNWRITABLE for a note or a string that is longer than a chunk may be.
 */
export function* encodeItem(item: TraceItem, mostBytes = MAX_BODY_BYTES): Generator<Uint8Array> {
  switch (item.kind) {
    case 'records':
      yield* encodeRecords(item.firstSeq, item.words, mostBytes);
      break;
    case 'payload':
      yield* encodePayload(item.payload, mostBytes - PAYLOAD_HEAD_BYTES);
      break;
    case 'string':
      yield encodeChunk(ChunkType.STRINGS, encodeString(item.id, item.text));
      break;
    case 'about':
      yield encodeNote(ChunkType.ABOUT, item.about, mostBytes);
      break;
    case 'connection':
      yield encodeNote(ChunkType.CONNECTION, item.note, mostBytes);
      break;
    case 'stack':
      yield encodeNote(ChunkType.STACK, item.note, mostBytes);
      break;
    case 'sockets':
      yield encodeNote(ChunkType.SOCKETS, item.note, mostBytes);
      break;
    case 'verdict':
      yield encodeNote(ChunkType.VERDICT, item.verdict, mostBytes);
      break;
    case 'end':
      yield encodeNote(ChunkType.END, item.note, mostBytes);
      break;
    case 'warning':
      break;
  }
}

/** No records make one chunk too: it takes back those from `firstSeq` on. */
function* encodeRecords(firstSeq: number, words: Int32Array, mostBytes: number): Generator<Uint8Array> {
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  const most = Math.floor((mostBytes - EVENTS_HEAD_BYTES) / RECORD_BYTES) * RECORD_BYTES;
  for (let at = 0; at === 0 || at < bytes.length; at += most) {
    const head = eventsHead(firstSeq + at / RECORD_BYTES);
    yield encodeChunk(ChunkType.EVENTS, head, bytes.subarray(at, at + most));
  }
}

/** What an events chunk begins with. */
export function eventsHead(firstSeq: number): Uint8Array {
  const head = new Uint8Array(EVENTS_HEAD_BYTES);
  new DataView(head.buffer).setBigUint64(0, BigInt(firstSeq), true);
  return head;
}

function* encodePayload(payload: Payload, most: number): Generator<Uint8Array> {
  const { bytes, offset } = payload;
  for (let at = 0; at === 0 || at < bytes.length; at += most) {
    const head = payloadHead({ ...payload, offset: offset + at });
    yield encodeChunk(ChunkType.PAYLOAD, head, bytes.subarray(at, at + most));
  }
}

/** What a payload chunk begins with. */
export function payloadHead({ connection, direction, redacted, offset }: Omit<Payload, 'bytes'>): Uint8Array {
  const head = new Uint8Array(PAYLOAD_HEAD_BYTES);
  const view = new DataView(head.buffer);
  view.setUint32(0, connection, true);
  view.setUint32(4, (direction === 'b -> a' ? PayloadFlag.B_TO_A : 0) | (redacted ? PayloadFlag.REDACTED : 0), true);
  view.setBigUint64(8, BigInt(offset), true);
  return head;
}

/** One entry of a strings chunk. */
export function encodeString(id: number, text: string): Uint8Array {
  const bytes = utf8.encode(text);
  if (STRING_HEAD_BYTES + bytes.length > MAX_BODY_BYTES) throw tooLong('string', bytes.length, MAX_BODY_BYTES);
  const entry = new Uint8Array(STRING_HEAD_BYTES + bytes.length);
  const view = new DataView(entry.buffer);
  view.setUint32(0, id, true);
  view.setUint32(4, bytes.length, true);
  entry.set(bytes, STRING_HEAD_BYTES);
  return entry;
}

function encodeNote(type: number, note: object, mostBytes: number): Uint8Array {
  const body = utf8.encode(JSON.stringify(note));
  if (body.length > mostBytes) throw tooLong('note', body.length, mostBytes);
  return encodeChunk(type, body);
}

function tooLong(what: string, bytes: number, most: number): TraceError {
  return new TraceError('TRACE_UNWRITABLE', `Too long a ${what} for a trace: at most ${most} bytes, got ${bytes}`);
}
