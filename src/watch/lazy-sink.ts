import type { EndNote } from '../trace/trace-note.ts';
import type { TraceItem } from '../trace/trace-item.ts';
import { isStuck } from './is-stuck.ts';
import type { TraceSink } from './trace-sink.ts';

/** Items that are kept for a trace that may never be written: the connections of a busy relay, and its payload. */
const MAX_HELD_ITEMS = 4096;
const MAX_HELD_BYTES = 16 * 1024 * 1024;

/**
 * A trace that is written only once something is stuck: then with all that the ring still holds. Until then nothing
 * touches the disk.
 */
export class LazySink implements TraceSink {
  readonly #open: () => TraceSink | null;
  #sink: TraceSink | null = null;
  #isOpen = false;
  #held: TraceItem[] = [];
  #heldBytes = 0;

  constructor(open: () => TraceSink | null) {
    this.#open = open;
  }

  flush(): void {
    this.#sink?.flush();
  }

  settle(): void {
    this.#sink?.settle();
  }

  append(item: TraceItem): void {
    if (!this.#isOpen) {
      // What led to it, a stack above all, was held until here.
      if (item.kind !== 'verdict' || !isStuck(item.verdict)) {
        this.#hold(item);
        return;
      }
      this.#isOpen = true;
      this.#sink = this.#open();
      for (const held of this.#held) this.#sink?.append(held);
      this.#held = [];
      this.#sink?.flush();
    }
    this.#sink?.append(item);
  }

  end(note: EndNote): void {
    this.#sink?.end(note);
  }

  #hold(item: TraceItem): void {
    this.#held.push(item);
    this.#heldBytes += bytesOf(item);
    while (this.#held.length > MAX_HELD_ITEMS || this.#heldBytes > MAX_HELD_BYTES) {
      const oldest = this.#held.shift();
      if (oldest === undefined) return;
      this.#heldBytes -= bytesOf(oldest);
    }
  }
}

function bytesOf(item: TraceItem): number {
  return item.kind === 'payload' ? item.payload.bytes.byteLength : 0;
}
