import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import type { TraceItem } from '../trace-item.ts';
import { AppendFile, attempt } from './append-file.ts';
import { ChunkReader } from './chunk-reader.ts';
import { encodeItem } from './encode-item.ts';
import { encodeFileHeader } from './file-header.ts';
import { ItemReader } from './item-reader.ts';
import { KeptItems } from './kept-items.ts';
import { TraceAmount } from './trace-amount.ts';

const READ_BYTES = 1 << 16;

export interface CompactionOptions {
  readonly startedAtMs: number;
  /** How much there is in the trace now. */
  readonly total: TraceAmount;
  readonly maxBytes: number;
}

/**
 * Writes a `.trace` that has grown too long anew, without its middle (KeptItems), bit by bit while it goes on growing:
 * all at once would keep the thread that writes, which is a watchdog's, from everything else for half a second.
 *
 * The constructor and `step` throw TRACE_UNWRITABLE: then nothing has been done, and nothing is left.
 */
export class Compaction {
  /** How much there is in the shorter trace. */
  readonly amount = new TraceAmount();
  readonly #path: string;
  readonly #partPath: string;
  readonly #reader = new ItemReader(new ChunkReader());
  readonly #kept: KeptItems;
  readonly #buffer = new Uint8Array(READ_BYTES);
  readonly #shorter: AppendFile;
  #from = -1;

  constructor(path: string, { startedAtMs, total, maxBytes }: CompactionOptions) {
    this.#path = path;
    this.#partPath = `${path}.${randomUUID()}.part`;
    this.#kept = new KeptItems(total, maxBytes);
    this.#shorter = new AppendFile(this.#partPath, 'new');
    this.#attempt(() => {
      this.#from = openSync(path, 'r');
      this.#shorter.append(encodeFileHeader(startedAtMs));
    });
  }

  /**
   * Goes on by so many bytes of the longer trace. Returns the shorter one, in its place, once all of it has been read;
   * until then null.
   */
  step(bytes: number): AppendFile | null {
    return this.#attempt(() => {
      for (let read = 0; read < bytes;) {
        const count = readSync(this.#from, this.#buffer);
        if (count === 0) return this.#finish();
        this.#take(this.#reader.push(this.#buffer.subarray(0, count)));
        read += count;
      }
      return null;
    });
  }

  /** Leaves the longer trace as it is. */
  abandon(): void {
    this.#closeSource();
    this.#shorter.close();
    rmSync(this.#partPath, { force: true });
  }

  #take(items: Iterable<TraceItem>): void {
    for (const item of items) {
      for (const kept of this.#kept.of(item)) {
        for (const chunk of encodeItem(kept)) this.#shorter.append(chunk);
        this.amount.add(kept);
      }
    }
  }

  #finish(): AppendFile {
    this.#take(this.#reader.end());
    this.#closeSource();
    renameSync(this.#partPath, this.#path);
    return this.#shorter;
  }

  #closeSource(): void {
    if (this.#from !== -1) closeSync(this.#from);
    this.#from = -1;
  }

  #attempt<T>(action: () => T): T {
    try {
      return attempt(this.#path, action);
    } catch (error) {
      this.abandon();
      throw error;
    }
  }
}
