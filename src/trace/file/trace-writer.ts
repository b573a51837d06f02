import { closeSync, openSync, readSync, statSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { RelayscopeError } from '../../errors.ts';
import type { TraceItem } from '../trace-item.ts';
import type { TraceAbout } from '../trace-note.ts';
import { AppendFile, attempt } from './append-file.ts';
import { requireLittleEndian } from './byte-order.ts';
import { ChunkReader } from './chunk-reader.ts';
import { Compaction } from './compaction.ts';
import { encodePart } from './encode-item.ts';
import { encodeFileHeader } from './file-header.ts';
import { ItemReader } from './item-reader.ts';
import { makeFolder } from './make-folder.ts';
import { splitItem } from './split-item.ts';
import { TraceAmount } from './trace-amount.ts';
import { MAX_BODY_BYTES, MAX_REWIND_RECORDS, RECORD_BYTES } from './trace-format.ts';

/** The least that the bound of a file may be: a quarter of it must hold what can be taken back. */
export const MIN_TRACE_BYTES = 4 * MAX_REWIND_RECORDS * RECORD_BYTES;
/** Eight million records, which `inspect` shows in two seconds. */
export const DEFAULT_MAX_TRACE_BYTES = 1 << 28;
/** A file is written anew when it is a sixteenth short of its bound: it goes on growing meanwhile. */
const ROOM_SHARE = 16;
/** With each item the copy goes on by so much, well under a millisecond, and by so many times what is appended. */
const STEP_BYTES = 1 << 18;
const STEP_FACTOR = 16;
const READ_BYTES = 1 << 16;

export interface TraceWriterOptions {
  readonly about?: TraceAbout;
  /**
   * The file never gets longer; KeptItems says what is left out then. While it is written anew, there is another one of
   * at most that length beside it. Default: 256 MiB.
   */
  readonly maxBytes?: number;
  /**
   * Goes on with the trace that is there, if it is one (`about` is then what it says itself): the last word on a program
   * that was writing it. What it had not finished is cut off. Throws TRACE_MALFORMED and TRACE_UNSUPPORTED, too.
   */
  readonly resume?: boolean;
}

/**
 * Writes a `.trace` that is readable at every moment, whoever dies: one chunk after the other, handed to the system before
 * `append` returns. Synchronous, because a program that is about to end has no time to wait.
 *
 * Every method throws TRACE_UNWRITABLE; the constructor TRACE_SIZE_INVALID, too. It makes the folders on the way.
 */
export class TraceWriter {
  readonly path: string;
  readonly maxBytes: number;
  readonly #startedAtMs: number;
  #file: AppendFile;
  /** What has been written, so that it need not be counted when the file is written anew. */
  #amount = new TraceAmount();
  #compaction: Compaction | null = null;

  constructor(
    path: string,
    { about = {}, maxBytes = DEFAULT_MAX_TRACE_BYTES, resume = false }: TraceWriterOptions = {},
  ) {
    requireLittleEndian();
    if (!Number.isSafeInteger(maxBytes) || maxBytes < MIN_TRACE_BYTES) {
      throw new RelayscopeError(
        'TRACE_SIZE_INVALID',
        `Wrong bound of a trace: expected maxBytes of ${MIN_TRACE_BYTES} or more, got ${maxBytes}`,
      );
    }
    this.path = path;
    this.maxBytes = maxBytes;
    if (resume && (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0) {
      const { bytes, startedAtMs } = cutToSound(path);
      this.#startedAtMs = startedAtMs;
      this.#file = new AppendFile(path, 'after', bytes);
      for (const item of readItemsSync(path)) this.#amount.add(item);
      return;
    }
    this.#startedAtMs = about.startedAtMs ?? 0;
    attempt(path, () => {
      makeFolder(dirname(path));
    });
    this.#file = new AppendFile(path, 'anew');
    this.#file.append(encodeFileHeader(this.#startedAtMs));
    this.append({ kind: 'about', about });
  }

  /** The length of the file. */
  get bytes(): number {
    return this.#file.bytes;
  }

  append(item: TraceItem): void {
    // Two chunks must fit beside what is left after the file has been compacted.
    const most = Math.min(MAX_BODY_BYTES, Math.floor(this.maxBytes / 8));
    for (const part of splitItem(item, most)) {
      const chunk = encodePart(part, most);
      if (chunk === null) continue;
      this.#makeRoom(chunk.length);
      this.#file.append(chunk);
      this.#amount.add(part);
    }
  }

  close(): void {
    this.#compaction?.abandon();
    this.#compaction = null;
    this.#file.close();
  }

  #makeRoom(bytes: number): void {
    const after = this.#file.bytes + bytes;
    const isFull = after > this.maxBytes;
    if (this.#compaction === null) {
      if (after <= this.maxBytes - this.maxBytes / ROOM_SHARE) return;
      const [startedAtMs, total, maxBytes] = [this.#startedAtMs, this.#amount, this.maxBytes];
      this.#compaction = new Compaction(this.path, { startedAtMs, total, maxBytes });
    }
    const compaction = this.#compaction;
    // Should it fail, the next one begins anew.
    this.#compaction = null;
    const shorter = compaction.step(isFull ? Number.POSITIVE_INFINITY : Math.max(STEP_BYTES, STEP_FACTOR * bytes));
    if (shorter === null) {
      this.#compaction = compaction;
      return;
    }
    this.#file.closeLater();
    this.#file = shorter;
    this.#amount = compaction.amount;
  }
}

/** Cuts off what a writer that was killed had not finished. Returns the length that is left, and when the trace began. */
function cutToSound(path: string): { bytes: number; startedAtMs: number } {
  const reader = new ChunkReader();
  let startedAtMs = 0;
  for (const piece of piecesSync(path)) {
    for (const part of reader.push(piece)) if (part.kind === 'header') ({ startedAtMs } = part.header);
  }
  for (const part of reader.end()) if (part.kind === 'header') ({ startedAtMs } = part.header);
  attempt(path, () => {
    truncateSync(path, reader.soundEnd);
  });
  return { bytes: reader.soundEnd, startedAtMs };
}

/** The items of a `.trace`, at once. Throws TRACE_UNWRITABLE, since it is read to be written. */
function* readItemsSync(path: string): Generator<TraceItem> {
  const reader = new ItemReader(new ChunkReader());
  for (const piece of piecesSync(path)) yield* reader.push(piece);
  yield* reader.end();
}

function* piecesSync(path: string): Generator<Uint8Array> {
  const file = attempt(path, () => openSync(path, 'r'));
  try {
    const buffer = new Uint8Array(READ_BYTES);
    for (;;) {
      const bytes = attempt(path, () => readSync(file, buffer));
      if (bytes === 0) return;
      yield buffer.subarray(0, bytes);
    }
  } finally {
    closeSync(file);
  }
}
