import { WORDS_PER_RECORD } from '../ring-layout.ts';
import type { TraceItem } from '../trace-item.ts';
import { fitNote } from './fit-note.ts';
import { EVENTS_HEAD_BYTES, MAX_BODY_BYTES, PAYLOAD_HEAD_BYTES, RECORD_BYTES } from './trace-format.ts';

/** An item in parts that are one chunk each, with bodies of at most `mostBytes`: of a note as much as fits into one. */
export function* splitItem(item: TraceItem, mostBytes = MAX_BODY_BYTES): Generator<TraceItem> {
  if (item.kind === 'records') {
    const { firstSeq, words } = item;
    const records = Math.floor((mostBytes - EVENTS_HEAD_BYTES) / RECORD_BYTES);
    const most = records * WORDS_PER_RECORD;
    // No records make one chunk, too: it takes back those from `firstSeq` on.
    for (let at = 0; at === 0 || at < words.length; at += most) {
      yield { kind: 'records', firstSeq: firstSeq + at / WORDS_PER_RECORD, words: words.subarray(at, at + most) };
    }
  } else if (item.kind === 'payload') {
    const { bytes, offset } = item.payload;
    const most = mostBytes - PAYLOAD_HEAD_BYTES;
    for (let at = 0; at === 0 || at < bytes.length; at += most) {
      const payload = { ...item.payload, offset: offset + at, bytes: bytes.subarray(at, at + most) };
      yield { kind: 'payload', payload };
    }
  } else yield fitNote(item, mostBytes);
}
