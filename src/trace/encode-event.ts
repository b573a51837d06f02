import { PENDING } from '../poll/pending.ts';
import { EVENT_KINDS, Flag, Kind, TRANSFER_STATES } from './event-kind.ts';
import { encodeExtension, type ExtendedValue, type ExtensionWords } from './extension.ts';
import { pollHighWord, Word, WORDS_PER_RECORD } from './ring-layout.ts';
import type { TraceEvent } from './trace-event.ts';

const MICROS_PER_HIGH_WORD = 0x80000000;

/**
 * The record of an event as the recorder would have written it, with its extensions after it: eight words each.
 * Inverse of `decodeRecords`, for events that a recorder of this version writes; of others, what it knows.
 */
export function encodeEvent(event: TraceEvent): Int32Array {
  const values: [number, TraceEvent['pos'] | TraceEvent['n']][] = [
    [Word.POS, event.pos],
    [Word.CAP, event.cap],
    [Word.N, event.n],
    [Word.OFFERED, event.offered],
  ];
  const extensions = values.flatMap(([word, value]) =>
    typeof value === 'object' ? [encodeExtension(word, value)] : [],
  );
  const words = new Int32Array((1 + extensions.length) * WORDS_PER_RECORD);
  words[Word.HEAD] = headOf(event, extensions.length > 0);
  words[Word.CONNECTION] = event.connection;
  for (const [word, value] of values) words[word] = wordOf(value);
  if (event.kind === 'poll') {
    const micros = Math.round((event.timeMs ?? event.tickMs) * 1000);
    words[Word.POS] = micros % MICROS_PER_HIGH_WORD;
    const number = typeof event.n === 'number' ? event.n : 0;
    words[Word.CAP] = pollHighWord(Math.floor(micros / MICROS_PER_HIGH_WORD), Math.floor(number / 0x100000000));
  }
  if ((event.repeat ?? 0) > 0) {
    words[Word.OFFERED] = event.lastTickMs ?? event.tickMs;
    words[Word.REPEAT] = event.repeat ?? 0;
  }
  words[Word.TICK_MS] = event.tickMs;
  extensions.forEach((extension, index) => {
    words.set(recordOfExtension(extension, event.tickMs), (1 + index) * WORDS_PER_RECORD);
  });
  return words;
}

function headOf(event: TraceEvent, isExtended: boolean): number {
  const state = TRANSFER_STATES.findIndex((name) => name === event.state);
  return (
    EVENT_KINDS.indexOf(event.kind) |
    (event.direction === 'b -> a' ? Flag.B_TO_A : 0) |
    (event.half === 'write' ? Flag.WRITE_HALF : 0) |
    (event.read_done === true ? Flag.READ_DONE : 0) |
    (event.need_flush === true ? Flag.NEED_FLUSH : 0) |
    (Math.max(0, state) << Flag.STATE_SHIFT) |
    (event.n === 'failed' ? Flag.FAILED : 0) |
    (isExtended ? Flag.EXTENDED : 0) |
    (event.chunk === true ? Flag.CHUNK : 0)
  );
}

function wordOf(value: number | string | ExtendedValue | undefined): number {
  if (typeof value === 'number') return value;
  return value === 'pending' ? PENDING : 0;
}

function recordOfExtension({ field, type, low, high, more, most }: ExtensionWords, tickMs: number): number[] {
  return [Kind.EXTENSION | field, type, low, high, more, most, tickMs, 0];
}
