import { RingFlusher } from '../trace/file/ring-flusher.ts';
import type { TraceWriter } from '../trace/file/trace-writer.ts';
import type { TraceItem } from '../trace/trace-item.ts';
import type { EndNote } from '../trace/trace-note.ts';
import type { TraceSink } from './trace-sink.ts';

/** A trace in a file. A disk that fails is said once, and ends the writing, not the watch. */
export class FileSink implements TraceSink {
  readonly #writer: TraceWriter;
  readonly #flusher: RingFlusher;
  readonly #complain: (message: string) => void;
  #isClosed = false;

  constructor(writer: TraceWriter, ring: SharedArrayBuffer, complain: (message: string) => void) {
    this.#writer = writer;
    this.#flusher = new RingFlusher(ring, writer);
    this.#complain = complain;
  }

  flush(): void {
    this.#attempt(() => {
      this.#flusher.flush();
    });
  }

  append(item: TraceItem): void {
    this.#attempt(() => {
      this.#writer.append(item);
    });
  }

  /** A verdict comes with the counts as they stand: it tells of them. */
  settle(): void {
    this.#attempt(() => {
      this.#flusher.finish();
    });
  }

  end(note: EndNote): void {
    this.settle();
    this.append({ kind: 'end', note });
    if (!this.#isClosed) this.#close();
  }

  #attempt(work: () => void): void {
    if (this.#isClosed) return;
    try {
      work();
    } catch (error) {
      this.#close();
      this.#complain(error instanceof Error ? error.message : String(error));
    }
  }

  #close(): void {
    this.#isClosed = true;
    try {
      this.#writer.close();
    } catch {
      // What could not be written has been said already.
    }
  }
}
