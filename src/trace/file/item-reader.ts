import type { TraceItem } from '../trace-item.ts';
import type { TraceAbout } from '../trace-note.ts';
import type { Chunk } from './chunk.ts';
import { decodeChunk } from './decode-chunk.ts';
import type { FileHeader } from './file-header.ts';
import type { Part, PartReader } from './part.ts';
import { RecordFold } from './record-fold.ts';
import { ChunkType, FORMAT_MAJOR, FORMAT_MINOR, MAX_REWIND_RECORDS, MAX_WARNINGS } from './trace-format.ts';

/**
 * Makes items of a file as its bytes come, whichever form it has. Notes are passed on as they come, and records when they can
 * no longer be taken back, many together (RecordFold). So a note may come before some 4,600 records that stand before it
 * in the file; where it belongs, its `atMs` says.
 */
export class ItemReader {
  readonly #parts: PartReader;
  readonly #fold = new RecordFold();
  readonly #unknown = new Set<number>();
  #warnings = 0;
  #startedAtMs = 0;

  constructor(parts: PartReader) {
    this.#parts = parts;
  }

  *push(bytes: Uint8Array): Generator<TraceItem> {
    for (const part of this.#parts.push(bytes)) yield* this.#items(part);
  }

  *end(): Generator<TraceItem> {
    for (const part of this.#parts.end()) yield* this.#items(part);
    for (const batch of this.#fold.flush()) yield { kind: 'records', ...batch };
  }

  *#items(part: Part): Generator<TraceItem> {
    switch (part.kind) {
      case 'header':
        yield* this.#begin(part.header);
        break;
      case 'damage':
        yield* this.#warn(part.offset, part.message);
        break;
      case 'chunk':
        yield* this.#chunk(part.chunk);
        break;
    }
  }

  *#begin({ minor, startedAtMs }: FileHeader): Generator<TraceItem> {
    if (Number.isFinite(startedAtMs)) this.#startedAtMs = startedAtMs;
    if (minor <= FORMAT_MINOR) return;
    const known = `${FORMAT_MAJOR}.${FORMAT_MINOR}`;
    yield* this.#warn(8, `The trace is of version ${FORMAT_MAJOR}.${minor}: what is newer than ${known} is left out`);
  }

  *#chunk(chunk: Chunk): Generator<TraceItem> {
    const items = decodeChunk(chunk);
    if (typeof items === 'string') {
      // Of a type that is not known once is enough.
      if (this.#unknown.has(chunk.type)) return;
      if (chunk.type > ChunkType.END) this.#unknown.add(chunk.type);
      yield* this.#warn(chunk.offset, `${placeOf(chunk)}: ${items}`);
      return;
    }
    for (const item of items) {
      if (item.kind === 'records') yield* this.#records(chunk, item.firstSeq, item.words);
      else if (item.kind === 'about') yield { kind: 'about', about: this.#dated(item.about) };
      else yield item;
    }
  }

  *#records(chunk: Chunk, firstSeq: number, words: Int32Array): Generator<TraceItem> {
    const late = this.#fold.late(firstSeq);
    if (late > 0) {
      const most = `expected at most ${MAX_REWIND_RECORDS}`;
      yield* this.#warn(chunk.offset, `${placeOf(chunk)}: takes back ${late} records too many, ${most}; they are kept`);
    }
    for (const batch of this.#fold.add(firstSeq, words)) yield { kind: 'records', ...batch };
  }

  /** The file's own header says when the trace began. */
  #dated(about: TraceAbout): TraceAbout {
    if (this.#startedAtMs === 0 || about.startedAtMs !== undefined) return about;
    return { ...about, startedAtMs: this.#startedAtMs };
  }

  *#warn(offset: number, message: string): Generator<TraceItem> {
    this.#warnings += 1;
    if (this.#warnings < MAX_WARNINGS) yield { kind: 'warning', offset, message };
    if (this.#warnings === MAX_WARNINGS) {
      yield { kind: 'warning', offset, message: 'Too much is damaged: warnings from here on are left out' };
    }
  }
}

function placeOf({ offset, line }: Chunk): string {
  return line === undefined ? `At offset ${offset}` : `At line ${line}, offset ${offset}`;
}
