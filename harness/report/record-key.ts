import { Flag, Kind } from '../../src/trace/event-kind.ts';
import { Word } from '../../src/trace/ring-layout.ts';

/**
 * What makes a record the same step as another, mixed into 32 bits: everything except its sequence number, its times,
 * a poll's number, and how often it repeats.
 */
export function recordKey(words: Int32Array, at: number): number {
  const head = words[at] ?? 0;
  let key = mix(head ^ 0x51ed270b, words[at + Word.CONNECTION] ?? 0);
  const kind = head & Flag.KIND_MASK;
  // A poll's other words are its time, its number, and the tick of its last repeat.
  if (kind === Kind.POLL) return key;
  key = mix(key, words[at + Word.POS] ?? 0);
  key = mix(key, words[at + Word.CAP] ?? 0);
  key = mix(key, words[at + Word.N] ?? 0);
  // A loop was offered nothing; once repeated, the word has the tick of the last repeat.
  return kind === Kind.LOOP ? key : mix(key, words[at + Word.OFFERED] ?? 0);
}

/** Whether two records are the same step, exactly; which connection's does not matter. */
export function sameStep(x: Int32Array, atX: number, y: Int32Array, atY: number): boolean {
  const head = x[atX] ?? 0;
  if (head !== y[atY]) return false;
  const kind = head & Flag.KIND_MASK;
  if (kind === Kind.POLL) return true;
  // The same word of an extension is the type of its value.
  if (kind === Kind.EXTENSION && x[atX + Word.CONNECTION] !== y[atY + Word.CONNECTION]) return false;
  for (let word: number = Word.POS; word <= Word.N; word += 1) if (x[atX + word] !== y[atY + word]) return false;
  return kind === Kind.LOOP || x[atX + Word.OFFERED] === y[atY + Word.OFFERED];
}

function mix(key: number, word: number): number {
  const mixed = Math.imul(key ^ word, 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) | 0;
}
