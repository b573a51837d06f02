import { encodeFileHeader } from '../../../src/trace/file/file-header.ts';
import { encodeItem } from '../../../src/trace/file/encode-item.ts';
import { readTraceBytes, type ByteSource } from '../../../src/trace/file/read-trace-bytes.ts';
import { Kind } from '../../../src/trace/event-kind.ts';
import { WORDS_PER_RECORD } from '../../../src/trace/ring-layout.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';

/** Reads of `pos` 0, 1, 2 …, so that a record says which one it is. */
export function reads(firstSeq: number, count: number): TraceItem & { kind: 'records' } {
  const words = new Int32Array(count * WORDS_PER_RECORD);
  for (let i = 0; i < count; i += 1) words.set([Kind.READ, 1, firstSeq + i, 0, 0, 2048, 0, 0], i * WORDS_PER_RECORD);
  return { kind: 'records', firstSeq, words };
}

/** One item of every kind that a file holds. */
export const EVERY_KIND: readonly TraceItem[] = [
  { kind: 'about', about: { writer: 'a test', title: 'every kind', startedAtMs: 1_767_225_600_000 } },
  { kind: 'string', id: 1, text: 'what woke it' },
  { kind: 'connection', note: { connection: 1, a: '127.0.0.1:40012', b: 't.cn:80', openedMs: 1.5 } },
  reads(0, 3),
  {
    kind: 'payload',
    payload: { connection: 1, direction: 'b -> a', offset: 0, bytes: Uint8Array.of(1, 2, 3), redacted: false },
  },
  {
    kind: 'stack',
    note: {
      thread: 'main',
      atMs: 301,
      frames: [
        { function: 'pollCopy', url: 'file:///copy.ts', line: 7, column: 3, locals: [{ name: 'pos', value: '69' }] },
      ],
    },
  },
  {
    kind: 'sockets',
    note: { atMs: 301, sockets: [{ bytesRead: 68, bytesWritten: 0, readable: 0, writable: 0, state: 'paused' }] },
  },
  { kind: 'verdict', verdict: { outcome: 'spinning', message: 'Goes round at pos 69, cap 68', atMs: 301 } },
  { kind: 'end', note: { reason: 'closed', atMs: 302 } },
];

export function traceOf(items: Iterable<TraceItem>, startedAtMs = 1_767_225_600_000): Buffer {
  return Buffer.concat([encodeFileHeader(startedAtMs), ...[...items].flatMap((item) => [...encodeItem(item)])]);
}

/** All items, with words of their own. */
export async function collect(items: AsyncIterable<TraceItem>): Promise<TraceItem[]> {
  const all: TraceItem[] = [];
  for await (const item of items) all.push(item.kind === 'records' ? { ...item, words: item.words.slice() } : item);
  return all;
}

export function readBytes(source: Uint8Array | ByteSource): Promise<TraceItem[]> {
  return collect(readTraceBytes(source instanceof Uint8Array ? [source] : source));
}

/** The numbers of all records, in the order in which they come. */
export function seqs(items: readonly TraceItem[]): number[] {
  return items.flatMap((item) =>
    item.kind === 'records'
      ? Array.from({ length: item.words.length / WORDS_PER_RECORD }, (_, index) => item.firstSeq + index)
      : [],
  );
}

export function positions(items: readonly TraceItem[]): number[] {
  return items.flatMap((item) =>
    item.kind === 'records' ? [...item.words].filter((_, index) => index % WORDS_PER_RECORD === 2) : [],
  );
}
