import { WORDS_PER_RECORD } from '../ring-layout.ts';
import type { TraceItem } from '../trace-item.ts';
import { RECORD_BYTES } from './trace-format.ts';

/** How much there is in a trace, in bytes, of what a reader gets: records that were taken back do not count. */
export class TraceAmount {
  records = 0;
  payload = 0;
  /** Roughly. */
  notes = 0;
  #nextSeq = 0;

  add(item: TraceItem): void {
    if (item.kind === 'records') {
      const count = item.words.length / WORDS_PER_RECORD;
      const added = count - Math.max(0, this.#nextSeq - item.firstSeq);
      this.records += added * RECORD_BYTES;
      this.#nextSeq = item.firstSeq + count;
    } else if (item.kind === 'payload') this.payload += item.payload.bytes.length + RECORD_BYTES;
    else if (item.kind !== 'warning') this.notes += Buffer.byteLength(JSON.stringify(item)) + RECORD_BYTES;
  }
}
