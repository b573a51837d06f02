import type { TraceItem } from '../../src/trace/trace-item.ts';
import { fileBytes, readNdjson } from '../../src/trace/file/open-trace.ts';
import { readTraceBytes } from '../../src/trace/file/read-trace-bytes.ts';
import { TraceError } from '../../src/trace/file/trace-error.ts';
import { FILE_MAGIC } from '../../src/trace/file/trace-format.ts';
import { importText, type ImportCounts } from '../import/import-text.ts';
import type { Io } from '../io.ts';
import { printable } from '../../src/printable.ts';

export type InputFormat = 'trace' | 'ndjson' | 'text';

/** A trace that is about to be read, in whatever form it is. */
export interface TraceInput {
  /** As a person knows it. */
  readonly name: string;
  readonly format: InputFormat;
  readonly items: AsyncIterable<TraceItem>;
  /** text: how much was understood; complete when the items are. */
  readonly imported: ImportCounts | null;
  /** Closes the file, also if the items were never asked for. */
  close(): Promise<void>;
}

/** What a file is known by. */
const SNIFFED_BYTES = 16;

/** What people give instead of a trace, by its first bytes in hexadecimal. */
const STRANGERS: readonly (readonly [string, string])[] = [
  ['d4c3b2a1', 'a packet capture (pcap)'],
  ['a1b2c3d4', 'a packet capture (pcap)'],
  ['4d3cb2a1', 'a packet capture (pcap)'],
  ['a1b23c4d', 'a packet capture (pcap)'],
  ['0a0d0d0a', 'a packet capture (pcapng)'],
  ['1f8b', 'a gzip file: unpack it first'],
  ['28b52ffd', 'a zstd file: unpack it first'],
  ['fd377a58', 'an xz file: unpack it first'],
  ['504b0304', 'a zip file: unpack it first'],
  ['7f454c46', 'a program'],
  ['53514c69746520', 'an SQLite database'],
  ['89504e47', 'a picture'],
];

/**
 * Opens a `.trace`, its NDJSON twin, or text that a patched program has printed, by what is in it; `-` is the standard
 * input. To be closed when done with. Throws TRACE_UNREADABLE and TRACE_MALFORMED, also while the items are read.
 */
async function openInput(path: string, io: Io): Promise<TraceInput> {
  const name = path === '-' ? 'standard input' : printable(path);
  const source = path === '-' ? standardInput(io) : namedFile(path, name);
  const iterator = source[Symbol.asyncIterator]();
  const close = async (): Promise<void> => {
    await iterator.return(undefined);
  };
  try {
    const first = await atLeast(SNIFFED_BYTES, iterator);
    return { name, close, ...itemsOf(sniff(first, name), name, withFirst(first, iterator)) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens a trace, does something with it, and closes it whatever happens. Throws what both throw. */
export async function withInput<T>(path: string, io: Io, use: (input: TraceInput) => Promise<T>): Promise<T> {
  const input = await openInput(path, io);
  try {
    return await use(input);
  } finally {
    await input.close();
  }
}

function itemsOf(
  format: InputFormat,
  name: string,
  bytes: AsyncIterable<Uint8Array>,
): Pick<TraceInput, 'format' | 'items' | 'imported'> {
  if (format === 'trace') return { format, items: placed(name, readTraceBytes(bytes)), imported: null };
  if (format === 'ndjson') return { format, items: placed(name, readNdjson(bytes)), imported: null };
  const imported = { lines: 0, recognised: 0 };
  return { format, items: recognisedText(name, bytes, imported), imported };
}

function sniff(first: Uint8Array, name: string): InputFormat {
  if (first.length === 0) throw malformed(name, 'an empty file');
  const hex = Buffer.from(first.subarray(0, SNIFFED_BYTES)).toString('hex');
  const stranger = STRANGERS.find(([magic]) => hex.startsWith(magic));
  // A beginning of the magic is a trace that was cut: its reader says so.
  const magic = FILE_MAGIC.subarray(0, first.length);
  if (magic.every((byte, index) => first[index] === byte)) return 'trace';
  if (stranger !== undefined) throw malformed(name, stranger[1]);
  return /^(?:efbbbf)?(?:20|09|0a|0d)*7b/.test(hex) ? 'ndjson' : 'text';
}

async function* recognisedText(
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  imported: ImportCounts,
): AsyncGenerator<TraceItem> {
  yield* importText(bytes, imported);
  if (imported.recognised > 0) return;
  throw new TraceError(
    'TRACE_MALFORMED',
    `${name}: expected a trace, or printed lines such as "a -> b #4 pos=69 cap=68 read_done=false", got ${imported.lines} lines of other text`,
    { path: name },
  );
}

/** Puts the file's name before what its reader has to complain of. */
async function* placed(name: string, items: AsyncIterable<TraceItem>): AsyncGenerator<TraceItem> {
  try {
    yield* items;
  } catch (error) {
    throw error instanceof TraceError ? named(name, error) : error;
  }
}

function named(name: string, error: TraceError): TraceError {
  if (error.message.startsWith(name)) return error;
  const message = `${name}: ${printable(error.message)}`;
  return new TraceError(error.code, message, { ...error.place, path: name }, { cause: error });
}

async function* namedFile(path: string, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* fileBytes(path);
  } catch (error) {
    throw error instanceof TraceError ? named(name, error) : error;
  }
}

async function* standardInput(io: Io): AsyncGenerator<Uint8Array> {
  if (io.stdin === undefined) return;
  for await (const bytes of io.stdin) {
    if (io.signal.aborted) return;
    yield bytes;
  }
}

/** Reads until there are so many bytes, or the end. */
async function atLeast(bytes: number, iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let first: Uint8Array = new Uint8Array();
  while (first.length < bytes) {
    const next = await iterator.next();
    if (next.done === true) break;
    // A copy: the source uses its memory again.
    first = Buffer.concat([first, next.value]);
  }
  return first;
}

async function* withFirst(first: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

function malformed(name: string, got: string): TraceError {
  return new TraceError('TRACE_MALFORMED', `${name}: expected a trace (.trace, NDJSON, or printed lines), got ${got}`, {
    path: name,
  });
}
