import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { PENDING } from '../../src/poll/pending.ts';
import { Flag, Kind } from '../../src/trace/event-kind.ts';
import { encodeItem } from '../../src/trace/file/encode-item.ts';
import { encodeFileHeader } from '../../src/trace/file/file-header.ts';
import { Word, WORDS_PER_RECORD } from '../../src/trace/ring-layout.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';

/** As many as a recorder's flusher writes at a time when there is much to write. */
const CHUNK_RECORDS = 4096;
const CONNECTIONS = 64;
const SPIN_ROUNDS = 31_402_113;

/**
 * Writes a trace of so many records: many connections that take turns, each poll with reads, writes, iterations,
 * registrations and wakes as a recorder has them; at the end one write that claims too much, and the spin after it.
 */
export async function writeLargeTrace(path: string, records: number): Promise<void> {
  const file = createWriteStream(path);
  const put = async (item: TraceItem): Promise<void> => {
    for (const bytes of encodeItem(item)) if (!file.write(bytes)) await once(file, 'drain');
  };
  file.write(encodeFileHeader(0));
  await put({
    kind: 'about',
    about: { writer: 'relayscope bench', title: `${records} records`, dialect: 'tokio-1.12.0' },
  });
  const traffic = new Traffic();
  for (let written = 0; written < records; written += CHUNK_RECORDS) {
    const words = new Int32Array(Math.min(CHUNK_RECORDS, records - written) * WORDS_PER_RECORD);
    for (let at = 0; at < words.length; at += WORDS_PER_RECORD) traffic.next(words, at);
    if (written + CHUNK_RECORDS >= records) spin(words, traffic.tickMs);
    await put({ kind: 'records', firstSeq: written, words });
  }
  const message = 'the copy goes round without I/O';
  await put({ kind: 'verdict', verdict: { outcome: 'spinning', message, atMs: traffic.tickMs + 250 } });
  file.end();
  await once(file, 'close');
}

/** What a step's `n` is: bytes that differ from poll to poll, Pending, or nothing. */
const [BYTES, NOTHING] = [1, 0];

/** The steps of one poll, over and over, with other counts each time: what a healthy copy does. */
const STEPS = [
  [Kind.POLL, NOTHING],
  [Kind.READ, BYTES],
  [Kind.WRITE, BYTES],
  [Kind.LOOP, NOTHING],
  [Kind.REGISTER, NOTHING],
  [Kind.READ, PENDING],
  [Kind.FLUSH, NOTHING],
  [Kind.READ | Flag.B_TO_A, BYTES],
  [Kind.WRITE | Flag.B_TO_A, BYTES],
  [Kind.LOOP | Flag.B_TO_A, NOTHING],
  [Kind.REGISTER | Flag.B_TO_A, NOTHING],
  [Kind.READ | Flag.B_TO_A, PENDING],
  [Kind.FLUSH | Flag.B_TO_A, NOTHING],
  [Kind.WAKE, NOTHING],
  [Kind.WAKE | Flag.B_TO_A, NOTHING],
] as const;

class Traffic {
  tickMs = 0;
  #record = 0;
  #poll = 0;

  next(words: Int32Array, at: number): void {
    const step = this.#record % STEPS.length;
    const [head, n] = STEPS[step] ?? STEPS[0];
    if (step === 0) {
      this.#poll += 1;
      this.tickMs = this.#poll >> 4;
    }
    // Counts that differ from poll to poll, by a fixed rule: the same trace each time.
    const bytes = 1 + (Math.imul(this.#poll, 0x9e3779b1) >>> 20);
    words[at] = head;
    words[at + Word.CONNECTION] = 1 + (this.#poll % CONNECTIONS);
    const kind = head & Flag.KIND_MASK;
    words[at + Word.POS] = kind === Kind.POLL ? this.tickMs * 1000 : kind === Kind.LOOP ? bytes : 0;
    words[at + Word.CAP] = kind === Kind.WRITE || kind === Kind.LOOP ? bytes : 0;
    words[at + Word.N] = kind === Kind.POLL ? this.#poll : n === BYTES ? bytes : n;
    words[at + Word.OFFERED] = n === BYTES ? bytes : 0;
    words[at + Word.TICK_MS] = this.tickMs;
    this.#record += 1;
  }
}

function spin(words: Int32Array, tickMs: number): void {
  const place = [1, 0, 68, 69, 68, tickMs, 0];
  words.set([Kind.WRITE, ...place], words.length - 2 * WORDS_PER_RECORD);
  const loop = [Kind.LOOP, 1, 69, 68, 0, tickMs + 1900, tickMs, SPIN_ROUNDS - 1];
  words.set(loop, words.length - WORDS_PER_RECORD);
}
