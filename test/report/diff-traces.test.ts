import { expect, test } from 'vitest';
import { diffTraces } from '../../harness/report/diff-traces.ts';
import { EventFilter } from '../../harness/report/event-filter.ts';
import { inspectedItems } from '../../harness/report/inspected-item.ts';
import { Kind } from '../../src/trace/event-kind.ts';
import { WORDS_PER_RECORD } from '../../src/trace/ring-layout.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';

test('connections that take turns too differently are refused before they fill the memory', async () => {
  const many = 1_200_000;
  const of = (connection: number): Int32Array => {
    const words = new Int32Array(many * WORDS_PER_RECORD);
    for (let at = 0; at < words.length; at += WORDS_PER_RECORD) words.set([Kind.READ, connection, at], at);
    return words;
  };
  const [first, second] = [of(1), of(2)];
  const begin = Int32Array.of(Kind.WAKE, 1, 0, 0, 0, 0, 0, 0, Kind.WAKE, 2, 0, 0, 0, 0, 0, 0);
  async function* trace(...parts: Int32Array[]): AsyncGenerator<TraceItem> {
    let firstSeq = 0;
    for (const words of [begin, ...parts]) {
      yield await Promise.resolve({ kind: 'records', firstSeq, words } as const);
      firstSeq += words.length / WORDS_PER_RECORD;
    }
  }
  const { signal } = new AbortController();
  const options = { filter: new EventFilter({}), only: null };
  const [good, bad] = [inspectedItems(trace(first, second), signal), inspectedItems(trace(second, first), signal)];
  await expect(diffTraces(good, bad, options)).rejects.toMatchObject({ code: 'DIFF_TOO_FAR_APART' });
});
