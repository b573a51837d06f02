import { encodeEvent } from '../../../src/trace/encode-event.ts';
import { encodeItem } from '../../../src/trace/file/encode-item.ts';
import { encodeFileHeader } from '../../../src/trace/file/file-header.ts';
import type { TraceEvent } from '../../../src/trace/trace-event.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';

/** An event of connection 1 at time 0, unless said otherwise. */
export type Sketch = Partial<TraceEvent> & Pick<TraceEvent, 'kind'>;

/** The records of events in a row, as a recorder would have written them. */
export function records(sketches: readonly Sketch[], firstSeq = 0): TraceItem & { kind: 'records' } {
  const place = { direction: 'a -> b', pos: 0, cap: 0, read_done: false, need_flush: false, state: 'running' } as const;
  const words = sketches.map((sketch) => {
    const isPoll = sketch.kind === 'poll';
    return encodeEvent({ seq: 0, connection: 1, tickMs: 0, ...(isPoll ? { timeMs: 0 } : place), ...sketch });
  });
  return { kind: 'records', firstSeq, words: Int32Array.from(words.flatMap((one) => [...one])) };
}

/** The bytes of a `.trace`. */
export function traceBytes(items: readonly TraceItem[]): Buffer {
  return Buffer.concat([encodeFileHeader(1_767_225_600_000), ...items.flatMap((item) => [...encodeItem(item)])]);
}

/** What the watchdog and the recorder leave of the story. */
export const STORY: readonly Sketch[] = [
  { kind: 'poll', n: 1, tickMs: 21, timeMs: 21.083 },
  { kind: 'read', n: 68, offered: 2048, tickMs: 21 },
  { kind: 'write', cap: 68, n: 69, offered: 68, tickMs: 21 },
  { kind: 'loop', pos: 69, cap: 68, need_flush: true, tickMs: 21, repeat: 31_402_112, lastTickMs: 1921 },
];

export const STORY_ITEMS: readonly TraceItem[] = [
  {
    kind: 'about',
    about: {
      writer: 'relayscope 0.1.0',
      title: 'the second version',
      dialect: 'tokio-1.12.0',
      pid: 42,
      runtime: 'Node 26.10.0',
      platform: 'linux x64',
    },
  },
  { kind: 'connection', note: { connection: 1, a: '127.0.0.1:40012', b: 't.cn:80', openedMs: 20 } },
  records(STORY),
  {
    kind: 'stack',
    note: {
      thread: 'worker 3',
      atMs: 301,
      omitted: 2,
      frames: [
        {
          function: 'CopyBuffer.pollCopy',
          url: 'file:///src/copy/copy-buffer.ts',
          line: 71,
          column: 9,
          locals: [
            { name: 'pos', value: '69' },
            { name: 'cap', value: '68' },
            { name: 'readDone', value: 'false' },
          ],
        },
      ],
    },
  },
  {
    kind: 'verdict',
    verdict: { outcome: 'spinning', message: 'The copy goes round without I/O at pos 69, cap 68', atMs: 301 },
  },
];
