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
import { splitItem } from './split-item.ts';
import { TraceError } from './trace-error.ts';

const utf8 = new TextEncoder();

/**
 * The chunks of an item: most often one. A warning of a reader has none.
 *
 * Throws TRACE_UNWRITABLE for a note or a string that is longer than a chunk may be.
 */
export function* encodeItem(item: TraceItem): Generator<Uint8Array> {
  for (const part of splitItem(item)) {
    const chunk = encodePart(part, MAX_BODY_BYTES);
    if (chunk !== null) yield chunk;
  }
}

/** The chunk of an item that needs no more than one, with a body of at most `mostBytes`. Throws TRACE_UNWRITABLE. */
export function encodePart(item: TraceItem, mostBytes: number): Uint8Array | null {
  switch (item.kind) {
    case 'records': {
      const { firstSeq, words } = item;
      const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
      return encodeChunk(ChunkType.EVENTS, eventsHead(firstSeq), bytes);
    }
    case 'payload':
      return encodeChunk(ChunkType.PAYLOAD, payloadHead(item.payload), item.payload.bytes);
    case 'string':
      return encodeChunk(ChunkType.STRINGS, encodeString(item.id, item.text, mostBytes));
    case 'about':
      return encodeNote(ChunkType.ABOUT, item.about, mostBytes);
    case 'connection':
      return encodeNote(ChunkType.CONNECTION, item.note, mostBytes);
    case 'stack':
      return encodeNote(ChunkType.STACK, item.note, mostBytes);
    case 'sockets':
      return encodeNote(ChunkType.SOCKETS, item.note, mostBytes);
    case 'verdict':
      return encodeNote(ChunkType.VERDICT, item.verdict, mostBytes);
    case 'end':
      return encodeNote(ChunkType.END, item.note, mostBytes);
    case 'warning':
      return null;
  }
}

/** What an events chunk begins with. */
export function eventsHead(firstSeq: number): Uint8Array {
  const head = new Uint8Array(EVENTS_HEAD_BYTES);
  new DataView(head.buffer).setBigUint64(0, BigInt(firstSeq), true);
  return head;
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
export function encodeString(id: number, text: string, mostBytes = MAX_BODY_BYTES): Uint8Array {
  const bytes = utf8.encode(text);
  if (STRING_HEAD_BYTES + bytes.length > mostBytes) throw tooLong('string', bytes.length, mostBytes);
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
