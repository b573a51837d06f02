import type { EndNote } from '../trace/trace-note.ts';
import type { TraceItem } from '../trace/trace-item.ts';
import { isStuck } from './is-stuck.ts';
import type { TraceSink } from './trace-sink.ts';

/** Items that are kept for a trace that may never be written: the connections of a busy relay, and its payload. */
const MAX_HELD_ITEMS = 4096;
/** The connections that are open, beside them: the one that gets stuck may be the oldest. */
const MAX_OPEN_CONNECTIONS = 4096;
const MAX_HELD_BYTES = 16 * 1024 * 1024;

/**
 * A trace that is written only once something is stuck: then with all that the ring still holds. Until then nothing
 * touches the disk.
 */
export class LazySink implements TraceSink {
  readonly #openSink: () => TraceSink | null;
  #sink: TraceSink | null = null;
  #isOpen = false;
  #held: TraceItem[] = [];
  #heldBytes = 0;
  /** What the records refer to: as many texts as a recorder numbers, and the connections that are open, by number. */
  #texts: TraceItem[] = [];
  #open = new Map<number, TraceItem>();

  constructor(openSink: () => TraceSink | null) {
    this.#openSink = openSink;
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
      this.#sink = this.#openSink();
      for (const held of [...this.#texts, ...this.#open.values(), ...this.#held]) this.#sink?.append(held);
      this.#texts = [];
      this.#open.clear();
      this.#held = [];
      this.#sink?.flush();
    }
    this.#sink?.append(item);
  }

  end(note: EndNote): void {
    this.#sink?.end(note);
  }

  #hold(item: TraceItem): void {
    if (item.kind === 'string') {
      this.#texts.push(item);
      return;
    }
    if (item.kind === 'connection') {
      const { connection, closedMs } = item.note;
      this.#open.delete(connection);
      if (closedMs === undefined) {
        this.#open.set(connection, item);
        const [oldest] = this.#open.keys();
        if (this.#open.size > MAX_OPEN_CONNECTIONS && oldest !== undefined) this.#open.delete(oldest);
        return;
      }
    }
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
