import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTrace } from '../../../src/trace/file/open-trace.ts';
import { saveTrace } from '../../../src/trace/file/save-trace.ts';
import { TraceWriter } from '../../../src/trace/file/trace-writer.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import { collect, EVERY_KIND, positions, readBytes, reads, seqs, traceOf } from './sample.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relayscope-trace-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(path: string, items: readonly TraceItem[], maxBytes?: number): TraceWriter {
  const writer = new TraceWriter(path, maxBytes === undefined ? {} : { maxBytes });
  for (const item of items) writer.append(item);
  return writer;
}

describe('a writer', () => {
  test('makes the same bytes as a whole trace, chunk by chunk, and folders on the way', () => {
    const path = join(folder, 'a/b/c.trace');
    const [about, ...rest] = EVERY_KIND;
    const writer = new TraceWriter(path, about?.kind === 'about' ? { about: about.about } : {});
    for (const item of rest) writer.append(item);
    expect(readFileSync(path)).toEqual(traceOf(EVERY_KIND));
    writer.close();
  });

  test('has written what was appended before it is closed', async () => {
    const path = join(folder, 'open.trace');
    const writer = write(path, [reads(0, 10)]);
    expect(seqs(await collect(openTrace(path)))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    writer.close();
  });

  test.each(['/proc/none/x.trace', '/dev/null/x.trace', '/dev/full'])('says that it cannot write %s', (path) => {
    expect(() => new TraceWriter(path)).toThrow(expect.objectContaining({ code: 'TRACE_UNWRITABLE', place: { path } }));
  });

  test.skipIf(process.platform === 'win32')('takes back what a full disk has taken in part', async () => {
    const path = join(folder, 'full.trace');
    const source = `
      import { TraceWriter } from ${JSON.stringify(new URL('../../../src/trace/file/trace-writer.ts', import.meta.url).href)};
      const writer = new TraceWriter(process.argv[1]);
      const records = (count) => ({ kind: 'records', firstSeq: 0, words: new Int32Array(count * 8).fill(2) });
      writer.append(records(100));
      try {
        writer.append(records(2000));
      } catch (error) {
        process.stdout.write(error.code);
      }
      writer.append({ kind: 'end', note: { reason: 'error', atMs: 1 } });`;
    // The shell's limit of a file, 32 KiB, is a disk that is full; its signal would end the program.
    const limits = 'trap \'\' XFSZ; ulimit -f 64; exec "$@"';
    const command = ['-c', limits, 'sh', process.execPath, '--input-type=module', '-e', source, path];
    expect(execFileSync('sh', command, { encoding: 'utf8' })).toBe('TRACE_UNWRITABLE');
    const items = await collect(openTrace(path));
    expect(items.map(({ kind }) => kind)).toEqual(['about', 'end', 'records']);
    expect(seqs(items).length).toBe(100);
  });

  test('refuses a bound that could hold nothing', () => {
    expect(() => new TraceWriter(join(folder, 'x.trace'), { maxBytes: 65_535 })).toThrow(
      expect.objectContaining({ code: 'TRACE_SIZE_INVALID' }),
    );
  });
});

describe('a trace whose writer was killed', () => {
  test('at any byte, gets a last word from another writer', async () => {
    const path = join(folder, 'killed.trace');
    const sound = traceOf([...EVERY_KIND.slice(0, 3), reads(0, 3)]);
    const word: TraceItem = { kind: 'verdict', verdict: { outcome: 'failed', message: 'Killed by SIGKILL', atMs: 9 } };
    for (let length = 32; length <= sound.length; length += 1) {
      writeFileSync(path, sound.subarray(0, length));
      const before = (await collect(openTrace(path))).filter(({ kind }) => kind !== 'warning');
      const writer = new TraceWriter(path, { resume: true });
      writer.append(word);
      writer.close();
      const after = await collect(openTrace(path));
      expect(after.filter(({ kind }) => kind !== 'verdict')).toEqual(before);
      expect(after.filter(({ kind }) => kind === 'verdict')).toEqual([word]);
    }
  });

  test('that is none is not touched', () => {
    const path = join(folder, 'text');
    writeFileSync(path, 'mine');
    expect(() => new TraceWriter(path, { resume: true })).toThrow(expect.objectContaining({ code: 'TRACE_MALFORMED' }));
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  test.each(['none.trace', 'empty.trace'])('before it had begun, begins now: %s', async (name) => {
    const path = join(folder, name);
    writeFileSync(join(folder, 'empty.trace'), '');
    new TraceWriter(path, { resume: true, about: { title: 'late' } }).close();
    expect(await collect(openTrace(path))).toEqual([{ kind: 'about', about: { title: 'late' } }]);
  });
});

describe('a file that has reached its bound', () => {
  const BOUND = 1 << 18;

  test('keeps its first quarter, the latest, and never gets longer', async () => {
    const path = join(folder, 'long.trace');
    const writer = new TraceWriter(path, { maxBytes: BOUND });
    writer.append({ kind: 'string', id: 1, text: 'first' });
    let longest = 0;
    for (let seq = 0; seq < 100_000; seq += 37) {
      writer.append(reads(seq, 37));
      longest = Math.max(longest, statSync(path).size);
    }
    writer.append({ kind: 'string', id: 2, text: 'last' });
    writer.close();
    expect(longest).toBeLessThanOrEqual(BOUND);
    expect(longest).toBeGreaterThan(BOUND * 0.9);
    const items = await collect(openTrace(path));
    const numbers = seqs(items);
    // 64 KiB are 2048 records; the latest are at least as many.
    const gap = numbers.findIndex((seq, index) => seq !== index);
    expect(gap).toBe(2048);
    expect(numbers.slice(gap)).toEqual(
      Array.from({ length: numbers.length - gap }, (_, i) => 100_011 - (numbers.length - gap) + i),
    );
    expect(numbers.length - gap).toBeGreaterThanOrEqual(2048);
    expect(positions(items)).toEqual(numbers);
    expect(items.filter(({ kind }) => kind === 'warning')).toEqual([]);
    expect(items.flatMap((item) => (item.kind === 'string' ? [item.text] : []))).toEqual(['first', 'last']);
    expect(readdirSync(folder)).toEqual(['long.trace']);
  });

  test('loses nothing if all that fills it was written over and over', async () => {
    const path = join(folder, 'spin.trace');
    const writer = write(path, [reads(0, 400)], BOUND);
    for (let i = 0; i < 100_000; i += 1) writer.append(reads(399, 1));
    writer.append(reads(50, 10));
    writer.close();
    const items = await collect(openTrace(path));
    expect(items.map(({ kind }) => kind)).toEqual(['about', 'records']);
    expect(seqs(items)).toEqual(Array.from({ length: 60 }, (_, seq) => seq));
  });

  // All at once would keep a watchdog from its work for as long as it takes: with 256 MiB, half a second.
  describe('is written anew while it goes on growing', () => {
    const LARGE = 1 << 23;

    /** Appends until it has begun, and returns the number of the next record. */
    function fill(writer: TraceWriter): number {
      for (let seq = 0; seq < LARGE / 32; seq += 50) {
        writer.append(reads(seq, 50));
        if (readdirSync(folder).length > 1) return seq + 50;
      }
      throw new Error('It was not begun, or was done at once');
    }

    test('and is whole at every step, with what is appended meanwhile', async () => {
      const path = join(folder, 'steps.trace');
      const writer = new TraceWriter(path, { maxBytes: LARGE });
      let seq = fill(writer);
      let steps = 0;
      for (; steps < 1000 && readdirSync(folder).length > 1; steps += 1) {
        // Some of them are written again, as the latest records of a spinning relay are.
        writer.append(reads(seq - 20, 50));
        seq += 30;
        expect(statSync(path).size).toBeLessThanOrEqual(LARGE);
        if (steps % 10 !== 0) continue;
        const numbers = seqs(await collect(openTrace(path)));
        expect(numbers.findIndex((one, index) => one !== index)).toBe(-1);
        expect(numbers.length).toBe(seq);
      }
      writer.close();
      // A step is 256 KiB of 7.5 MiB.
      expect(steps).toBeGreaterThan(25);
      expect(statSync(path).size).toBeLessThan(LARGE * 0.6);
      const items = await collect(openTrace(path));
      const numbers = seqs(items);
      const gap = numbers.findIndex((one, index) => one !== index);
      expect(gap).toBe(LARGE / 4 / 32);
      expect(numbers.slice(gap)).toEqual(
        Array.from({ length: numbers.length - gap }, (_, i) => seq - (numbers.length - gap) + i),
      );
      expect(numbers.length - gap).toBeGreaterThanOrEqual(LARGE / 4 / 32);
      expect(positions(items)).toEqual(numbers);
      expect(items.filter(({ kind }) => kind === 'warning')).toEqual([]);
    });

    test('and all at once, if what is there is too long already', async () => {
      const path = join(folder, 'long.trace');
      write(path, [reads(0, 60_000)]).close();
      const writer = new TraceWriter(path, { resume: true, maxBytes: BOUND });
      writer.append(reads(60_000, 1));
      writer.close();
      expect(statSync(path).size).toBeLessThanOrEqual(BOUND);
      expect(readdirSync(folder)).toEqual(['long.trace']);
      expect(seqs(await collect(openTrace(path))).at(-1)).toBe(60_000);
    });

    test('and stays as it is if it is closed before', async () => {
      const path = join(folder, 'closed.trace');
      const writer = new TraceWriter(path, { maxBytes: LARGE });
      const seq = fill(writer);
      writer.close();
      expect(readdirSync(folder)).toEqual(['closed.trace']);
      expect(seqs(await collect(openTrace(path))).length).toBe(seq);
    });
  });

  test('keeps the first records, and what can be taken back, though payload fills it', async () => {
    const path = join(folder, 'payload.trace');
    const writer = new TraceWriter(path, { maxBytes: BOUND });
    // What a recorder passes on of the bytes is there before its records.
    const piece = (offset: number): TraceItem => ({
      kind: 'payload',
      payload: { connection: 1, direction: 'a -> b', offset, bytes: new Uint8Array(5000), redacted: false },
    });
    for (let offset = 0; offset < 100_000; offset += 5000) writer.append(piece(offset));
    writer.append(reads(0, 20_000));
    let [offset, before, longest, times] = [100_000, 0, 0, 0];
    // Until it has just been written anew for the third time.
    for (; times < 3 && offset < 2_000_000; offset += 5000) {
      writer.append(piece(offset));
      longest = Math.max(longest, statSync(path).size);
      if (writer.bytes < before) times += 1;
      before = writer.bytes;
    }
    expect(times).toBe(3);
    writer.append(reads(19_900, 1));
    writer.close();
    expect(longest).toBeLessThanOrEqual(BOUND);
    const items = await collect(openTrace(path));
    expect(items.filter(({ kind }) => kind === 'warning')).toEqual([]);
    expect(seqs(items).slice(0, 2048)).toEqual([...Array(2048).keys()]);
    expect(seqs(items).slice(-3)).toEqual([19_898, 19_899, 19_900]);
    const offsets = items.flatMap((item) => (item.kind === 'payload' ? [item.payload.offset] : []));
    // Three pieces are a sixteenth.
    expect(offsets.slice(0, 3)).toEqual([0, 5000, 10_000]);
    expect(offsets.slice(-4)).toEqual([offset - 20_000, offset - 15_000, offset - 10_000, offset - 5000]);
  });

  test('bounds the notes, too: the first and the latest are kept', async () => {
    const path = join(folder, 'notes.trace');
    const writer = new TraceWriter(path, { maxBytes: BOUND });
    for (let connection = 1; connection <= 20_000; connection += 1) {
      writer.append({ kind: 'connection', note: { connection, a: '127.0.0.1:40012', b: 't.cn:80' } });
    }
    writer.close();
    const notes = (await collect(openTrace(path))).flatMap((item) => (item.kind === 'connection' ? [item.note] : []));
    expect(notes[0]).toMatchObject({ connection: 1 });
    expect(notes.at(-1)).toMatchObject({ connection: 20_000 });
    expect(statSync(path).size).toBeLessThanOrEqual(BOUND);
  });

  test('takes a single item that is longer than itself, as far as it may', async () => {
    const path = join(folder, 'big.trace');
    write(path, [reads(0, 50_000)], BOUND).close();
    expect(statSync(path).size).toBeLessThanOrEqual(BOUND);
    expect(seqs(await collect(openTrace(path))).at(-1)).toBe(49_999);
  });
});

test('what a small trace has no room for is left out of a note, which says so', async () => {
  const path = join(folder, 'small.trace');
  const locals = Array.from({ length: 40 }, (_, index) => ({ name: `local${index}`, value: '\u0001'.repeat(20) }));
  const frames = Array.from({ length: 32 }, (_, line) => ({
    function: 'f',
    url: 'file:///f.js',
    line,
    column: 1,
    locals,
  }));
  const socket = { local: '127.0.0.1:1', bytesRead: 0, bytesWritten: 0, readable: 0, writable: 0, state: 'paused' };
  const message = '\u0001'.repeat(100_000);
  const cut = `${'\u0001'.repeat(1000)}…`;
  const items: readonly TraceItem[] = [
    { kind: 'connection', note: { connection: 1, end: 'STREAM_FAILED', message } },
    { kind: 'stack', note: { thread: 'main', atMs: 1, frames, omitted: 3 } },
    { kind: 'sockets', note: { atMs: 1, sockets: Array.from({ length: 256 }, () => socket) } },
    { kind: 'verdict', verdict: { outcome: 'spinning', message, atMs: 1 } },
    { kind: 'end', note: { reason: 'error', atMs: 2, message } },
  ];
  write(path, items, 65_536).close();
  const [, ...read] = await collect(openTrace(path));
  expect(read).toEqual([
    { kind: 'connection', note: { connection: 1, end: 'STREAM_FAILED', message: cut } },
    { kind: 'stack', note: { thread: 'main', atMs: 1, frames: frames.slice(0, 1), omitted: 34 } },
    { kind: 'sockets', note: { atMs: 1, sockets: Array.from({ length: 78 }, () => socket), omitted: 178 } },
    { kind: 'verdict', verdict: { outcome: 'spinning', message: cut, atMs: 1 } },
    { kind: 'end', note: { reason: 'error', atMs: 2, message: cut } },
  ]);
});

describe('saving', () => {
  test.each(['x.trace', 'x.ndjson', 'new/folder/x.jsonl'])('%s is read again as it was', async (name) => {
    const path = join(folder, name);
    await saveTrace(path, EVERY_KIND);
    expect(await collect(openTrace(path))).toEqual(await readBytes(traceOf(EVERY_KIND)));
  });

  test.each(['x.trace', 'x.ndjson'])('%s that takes many reads of the file is read whole', async (name) => {
    const path = join(folder, name);
    await saveTrace(path, [reads(0, 20_000)]);
    expect(statSync(path).size).toBeGreaterThan(1 << 19);
    const items = await collect(openTrace(path));
    expect(positions(items)).toEqual([...Array(20_000).keys()]);
    expect(items.filter(({ kind }) => kind === 'warning')).toEqual([]);
  });

  test('an empty trace is one, too', async () => {
    await saveTrace(join(folder, 'x.trace'), []);
    expect(await collect(openTrace(join(folder, 'x.trace')))).toEqual([]);
  });

  test('leaves what was there, and nothing else, when the items fail', async () => {
    const path = join(folder, 'x.trace');
    writeFileSync(path, 'before');
    function* items(): Generator<TraceItem> {
      yield reads(0, 10);
      throw new Error('lost the ring');
    }
    await expect(saveTrace(path, items())).rejects.toThrow('lost the ring');
    expect(readdirSync(folder)).toEqual(['x.trace']);
    expect(readFileSync(path, 'utf8')).toBe('before');
  });

  test.each(['/proc/none/x.trace', '/dev/null/x.trace'])('says that it cannot write %s', async (path) => {
    await expect(saveTrace(path, EVERY_KIND)).rejects.toMatchObject({ code: 'TRACE_UNWRITABLE', place: { path } });
  });
});

describe('opening', () => {
  test.each([
    ['no file', 'none.trace', 'TRACE_UNREADABLE'],
    ['a folder', '.', 'TRACE_UNREADABLE'],
    ['an empty file', 'empty', 'TRACE_MALFORMED'],
    ['a text', 'text', 'TRACE_MALFORMED'],
  ])('%s is an error with its path and offset', async (_, name, code) => {
    writeFileSync(join(folder, 'empty'), '');
    writeFileSync(join(folder, 'text'), 'a -> b pos 69, cap 68\n');
    const path = join(folder, name);
    await expect(collect(openTrace(path))).rejects.toMatchObject({ code, place: { path, offset: 0 } });
  });

  test('ends with the reason of its signal', async () => {
    const path = join(folder, 'x.trace');
    await saveTrace(path, EVERY_KIND);
    await expect(collect(openTrace(path, { signal: AbortSignal.abort(new Error('enough')) }))).rejects.toThrow(
      'enough',
    );
  });
});
