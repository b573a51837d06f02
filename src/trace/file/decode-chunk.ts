import type { TraceItem } from '../trace-item.ts';
import type { ConnectionNote, EndNote, Payload, SocketsNote, StackNote, TraceAbout, Verdict } from '../trace-note.ts';
import type { Chunk } from './chunk.ts';
import { NOTE_SHAPES } from './note-shape.ts';
import {
  ChunkType,
  EVENTS_HEAD_BYTES,
  MAX_EVENTS_PER_CHUNK,
  PAYLOAD_HEAD_BYTES,
  PayloadFlag,
  RECORD_BYTES,
  STRING_HEAD_BYTES,
} from './trace-format.ts';

/** Numbers beyond this are no sequence numbers and no offsets: together with a chunk's length they must stay exact. */
const MAX_POSITION = BigInt(Number.MAX_SAFE_INTEGER - MAX_EVENTS_PER_CHUNK * RECORD_BYTES);

/** The items of a chunk, or in words what is wrong with it. Records come as they stand there: see RecordFold. */
export function decodeChunk({ type, body }: Chunk): TraceItem[] | string {
  switch (type) {
    case ChunkType.EVENTS:
      return decodeEvents(body);
    case ChunkType.PAYLOAD: {
      const payload = decodePayload(body);
      return typeof payload === 'string' ? payload : [{ kind: 'payload', payload }];
    }
    case ChunkType.STRINGS: {
      const strings = decodeStrings(body);
      return typeof strings === 'string' ? strings : strings.map((string) => ({ kind: 'string', ...string }));
    }
    default: {
      const isNote = NOTE_SHAPES.get(type);
      if (isNote === undefined) return `unknown chunk of type ${type}, left out`;
      const note = parseJson(body);
      return isNote(note) ? [itemOfNote(type, note)] : `malformed note in a chunk of type ${type}, left out`;
    }
  }
}

function decodeEvents(body: Uint8Array): TraceItem[] | string {
  const bytes = body.length - EVENTS_HEAD_BYTES;
  if (bytes < 0 || bytes % RECORD_BYTES !== 0) {
    return `malformed events: expected ${EVENTS_HEAD_BYTES} bytes and records of ${RECORD_BYTES}, got ${body.length}`;
  }
  const firstSeq = viewOf(body).getBigUint64(0, true);
  if (firstSeq > MAX_POSITION) return `malformed events: expected the number of a record, got ${firstSeq}`;
  // Words must begin at a multiple of four; what came out of base64 may not.
  const aligned = body.byteOffset % 4 === 0 ? body : new Uint8Array(body);
  const words = new Int32Array(aligned.buffer, aligned.byteOffset + EVENTS_HEAD_BYTES, bytes / 4);
  return [{ kind: 'records', firstSeq: Number(firstSeq), words }];
}

export function decodePayload(body: Uint8Array): Payload | string {
  if (body.length < PAYLOAD_HEAD_BYTES) return `malformed payload: ${body.length} bytes`;
  const view = viewOf(body);
  const flags = view.getUint32(4, true);
  const offset = view.getBigUint64(8, true);
  if (offset > MAX_POSITION) return `malformed payload: expected an offset, got ${offset}`;
  return {
    connection: view.getUint32(0, true),
    direction: (flags & PayloadFlag.B_TO_A) === 0 ? 'a -> b' : 'b -> a',
    offset: Number(offset),
    // A copy: unlike records, payload is kept by those who read it.
    bytes: new Uint8Array(body.subarray(PAYLOAD_HEAD_BYTES)),
    redacted: (flags & PayloadFlag.REDACTED) !== 0,
  };
}

export function decodeStrings(body: Uint8Array): { id: number; text: string }[] | string {
  const view = viewOf(body);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const strings: { id: number; text: string }[] = [];
  let at = 0;
  while (at < body.length) {
    const start = at + STRING_HEAD_BYTES;
    const end = start <= body.length ? start + view.getUint32(at + 4, true) : Number.POSITIVE_INFINITY;
    if (end > body.length) return `malformed strings: one at byte ${at} of ${body.length} is longer than its chunk`;
    strings.push({ id: view.getUint32(at, true), text: decoder.decode(body.subarray(start, end)) });
    at = end;
  }
  return strings;
}

/** `undefined` if it is none: no JSON is `undefined`. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** Its shape has been checked: NOTE_SHAPES. */
function itemOfNote(type: number, note: unknown): TraceItem {
  switch (type) {
    case ChunkType.ABOUT:
      return { kind: 'about', about: note as TraceAbout };
    case ChunkType.CONNECTION:
      return { kind: 'connection', note: note as ConnectionNote };
    case ChunkType.STACK:
      return { kind: 'stack', note: note as StackNote };
    case ChunkType.SOCKETS:
      return { kind: 'sockets', note: note as SocketsNote };
    case ChunkType.VERDICT:
      return { kind: 'verdict', verdict: note as Verdict };
    default:
      return { kind: 'end', note: note as EndNote };
  }
}

function viewOf(body: Uint8Array): DataView {
  return new DataView(body.buffer, body.byteOffset, body.byteLength);
}
