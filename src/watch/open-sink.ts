import { RingFlusher } from '../trace/file/ring-flusher.ts';
import { TraceWriter } from '../trace/file/trace-writer.ts';
import type { TraceItem } from '../trace/trace-item.ts';
import type { EndNote, TraceAbout } from '../trace/trace-note.ts';
import type { TraceSink } from './trace-sink.ts';

export interface SinkOptions {
  /** null: no trace was asked for. */
  readonly tracePath: string | null;
  readonly maxTraceBytes: number | null;
  readonly ring: SharedArrayBuffer;
  readonly about: TraceAbout;
}

/** The trace on disk, or null if none was asked for. A disk that fails is said once, and ends the writing only. */
export function openSink(options: SinkOptions, complain: (message: string) => void): TraceSink | null {
  const { tracePath } = options;
  return tracePath === null ? null : new FileSink(tracePath, options, complain);
}

class FileSink implements TraceSink {
  readonly #complain: (message: string) => void;
  #file: { readonly writer: TraceWriter; readonly flusher: RingFlusher } | null = null;

  constructor(path: string, { maxTraceBytes, ring, about }: SinkOptions, complain: (message: string) => void) {
    this.#complain = complain;
    this.#unlessItFails(() => {
      const writer = new TraceWriter(path, { about, ...(maxTraceBytes === null ? {} : { maxBytes: maxTraceBytes }) });
      this.#file = { writer, flusher: new RingFlusher(ring, writer) };
    });
  }

  flush(): void {
    this.#unlessItFails(() => this.#file?.flusher.flush());
  }

  append(item: TraceItem): void {
    this.#unlessItFails(() => this.#file?.writer.append(item));
  }

  end(note: EndNote): void {
    this.#unlessItFails(() => {
      this.#file?.flusher.finish();
      this.#file?.writer.append({ kind: 'end', note });
      this.#file?.writer.close();
      this.#file = null;
    });
  }

  #unlessItFails(write: () => void): void {
    try {
      write();
    } catch (error) {
      const file = this.#file;
      this.#file = null;
      this.#complain(error instanceof Error ? error.message : String(error));
      try {
        file?.writer.close();
      } catch {
        // It has failed already, and that has been said.
      }
    }
  }
}
