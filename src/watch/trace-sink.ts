import type { EndNote } from '../trace/trace-note.ts';
import type { TraceItem } from '../trace/trace-item.ts';

/** Where a watchdog writes what it sees. */
export interface TraceSink {
  /** Writes what is new in the ring. Called every few milliseconds. */
  flush(): void;
  /** The same, with all counts as they stand, which `flush` puts off while a loop spins. */
  settle(): void;
  append(item: TraceItem): void;
  /** Writes what is left, and why the trace ends here. */
  end(note: EndNote): void;
}
