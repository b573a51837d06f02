import { encodeEvent } from '../encode-event.ts';
import { decodeBase64 } from './base64.ts';
import { eventsHead } from './encode-item.ts';
import { LineReader, MAX_LINE_BYTES, type Line } from './line-reader.ts';
import { parseFields, partsOfFirstLine } from './ndjson-header.ts';
import { chunkOfLine, isCount } from './ndjson-note.ts';
import type { Part, PartReader } from './part.ts';
import { parseEvent, type Fields } from './parse-event.ts';
import { TraceError } from './trace-error.ts';
import { ChunkType, EVENTS_HEAD_BYTES, MAX_EVENTS_PER_CHUNK, RECORD_BYTES } from './trace-format.ts';

/** Events that no line has put into a chunk make one of so many records. */
const RECORDS_PER_CHUNK = 4096;

/**
 * Takes a trace as NDJSON apart into the chunks of the `.trace` that it stands for. A line that is wrong is left out, and
 * reported with its number and its offset.
 */
export class NdjsonReader implements PartReader {
  readonly #lines = new LineReader();
  #hasHeader = false;
  /** The chunk that events go into: where it begins, the number of its first record, its most records. */
  #open: { offset: number; line: number; firstSeq: number; most: number } | null = null;
  #body = new Uint8Array(EVENTS_HEAD_BYTES + RECORDS_PER_CHUNK * RECORD_BYTES);
  #records = 0;
  #nextSeq = 0;
  #tickMs = 0;

  *push(bytes: Uint8Array): Generator<Part> {
    for (const line of this.#lines.push(bytes)) yield* this.#line(line);
  }

  *end(): Generator<Part> {
    for (const line of this.#lines.end()) yield* this.#line(line);
    yield* this.#close();
    if (!this.#hasHeader) {
      throw new TraceError('TRACE_MALFORMED', 'Malformed trace at offset 0: expected a first line, got an empty file', {
        offset: 0,
      });
    }
  }

  *#line(line: Line): Generator<Part> {
    if (line.text?.trim() === '') return;
    if (!this.#hasHeader) {
      yield* partsOfFirstLine(line);
      this.#hasHeader = true;
      return;
    }
    if (line.text === null) {
      yield damage(line, `longer than ${MAX_LINE_BYTES} bytes`);
      return;
    }
    const fields = parseFields(line.text);
    if (fields === null) yield damage(line, line.isCut ? 'the file ends within it' : 'expected a JSON object');
    else if (typeof fields['kind'] === 'string') yield* this.#event(line, fields);
    else if (typeof fields['warning'] === 'string') yield { ...damage(line, ''), message: fields['warning'] };
    else yield* this.#chunk(line, fields);
  }

  *#chunk(line: Line, fields: Fields): Generator<Part> {
    yield* this.#close();
    if (fields['chunk'] === 'events' && fields['raw'] === undefined) {
      const { firstSeq = this.#nextSeq } = fields;
      if (isCount(firstSeq)) this.#begin(line, firstSeq, MAX_EVENTS_PER_CHUNK);
      else yield damage(line, 'expected "firstSeq" to be the number of a record');
      return;
    }
    const chunk = chunkOfLine(fields);
    if (typeof chunk === 'string') yield damage(line, chunk);
    else yield { kind: 'chunk', chunk: { ...chunk, offset: line.offset, line: line.number } };
  }

  *#event(line: Line, fields: Fields): Generator<Part> {
    const { seq = this.#nextSeq, raw } = fields;
    if (!isCount(seq)) {
      yield damage(line, 'expected "seq" to be the number of a record');
      return;
    }
    if (fields['kind'] === 'gap' && raw === undefined) {
      yield* this.#close();
      this.#nextSeq = seq + (isCount(fields['n']) ? fields['n'] : 0);
      return;
    }
    const words = raw === undefined ? this.#encode(fields, seq) : recordsOf(raw);
    if (typeof words === 'string') {
      yield damage(line, words);
      return;
    }
    const count = words.length / RECORD_BYTES;
    if (this.#open !== null && (seq !== this.#nextSeq || this.#records + count > this.#open.most)) yield* this.#close();
    if (this.#open === null) this.#begin(line, seq, RECORDS_PER_CHUNK);
    this.#append(words, count);
  }

  /** The bytes of an event's records, or in words what is wrong with it. */
  #encode(fields: Fields, seq: number): Uint8Array | string {
    const event = parseEvent(fields, seq, this.#tickMs);
    if (typeof event === 'string') return event;
    this.#tickMs = event.tickMs;
    return new Uint8Array(encodeEvent(event).buffer);
  }

  #begin(line: Line, firstSeq: number, most: number): void {
    this.#open = { offset: line.offset, line: line.number, firstSeq, most };
    this.#records = 0;
    this.#nextSeq = firstSeq;
  }

  #append(words: Uint8Array, count: number): void {
    const at = EVENTS_HEAD_BYTES + this.#records * RECORD_BYTES;
    if (at + words.length > this.#body.length) {
      const larger = new Uint8Array(Math.max(this.#body.length * 2, at + words.length));
      larger.set(this.#body);
      this.#body = larger;
    }
    this.#body.set(words, at);
    this.#records += count;
    this.#nextSeq += count;
  }

  *#close(): Generator<Part> {
    if (this.#open === null) return;
    const { offset, line, firstSeq } = this.#open;
    this.#open = null;
    this.#body.set(eventsHead(firstSeq));
    const body = this.#body.subarray(0, EVENTS_HEAD_BYTES + this.#records * RECORD_BYTES);
    yield { kind: 'chunk', chunk: { type: ChunkType.EVENTS, offset, line, body } };
  }
}

function recordsOf(raw: unknown): Uint8Array | string {
  const bytes = decodeBase64(raw);
  if (bytes === null || bytes.length === 0 || bytes.length % RECORD_BYTES !== 0) {
    return `expected "raw" to be base64 of records of ${RECORD_BYTES} bytes`;
  }
  const count = bytes.length / RECORD_BYTES;
  if (count <= MAX_EVENTS_PER_CHUNK) return bytes;
  return `expected "raw" to have at most ${MAX_EVENTS_PER_CHUNK} records, got ${count}`;
}

function damage({ number, offset }: Line, what: string): Part & { kind: 'damage' } {
  return { kind: 'damage', offset, message: `Line ${number} at offset ${offset}: ${what}` };
}
