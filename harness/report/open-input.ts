import type { TraceItem } from '../../src/trace/trace-item.ts';
import { fileBytes, readNdjson } from '../../src/trace/file/open-trace.ts';
import { readTraceBytes } from '../../src/trace/file/read-trace-bytes.ts';
import { TraceError } from '../../src/trace/file/trace-error.ts';
import { importText, type ImportCounts } from '../import/import-text.ts';
import type { Io } from '../io.ts';
import { printable } from '../../src/printable.ts';
import { inputKind, neededBytes, type InputKind } from './input-kind.ts';

export type InputFormat = 'trace' | 'ndjson' | 'text';

/** A trace that is about to be read, in whatever form it is. */
export interface TraceInput {
  /** As a person knows it. */
  readonly name: string;
  readonly format: InputFormat;
  readonly items: AsyncIterable<TraceItem>;
  /** text: how much was understood; complete when the items are. */
  readonly imported: ImportCounts | null;
}

/** A file, or the standard input, of which the first bytes have been looked at. */
export interface Source {
  /** As a person knows it. */
  readonly name: string;
  readonly kind: InputKind;
  /** All of it. In memory that is used again. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Opens a file by what is in it, does something with it, and closes it whatever happens; `-` is the standard input. Throws
 * TRACE_UNREADABLE, also while the bytes are read, and what `use` throws.
 */
export async function withSource<T>(path: string, io: Io, use: (source: Source) => Promise<T>): Promise<T> {
  const name = path === '-' ? 'standard input' : printable(path);
  const bytes = path === '-' ? standardInput(io) : namedFile(path, name);
  const iterator = bytes[Symbol.asyncIterator]();
  try {
    const first = await sniffed(iterator);
    return await use({ name, kind: inputKind(first), bytes: withFirst(first, iterator) });
  } finally {
    await iterator.return(undefined);
  }
}

/**
 * Opens a `.trace`, its NDJSON twin, or text that a patched program has printed. Throws as `withSource` does, and
 * TRACE_MALFORMED, also while the items are read.
 */
export async function withInput<T>(path: string, io: Io, use: (input: TraceInput) => Promise<T>): Promise<T> {
  return withSource(path, io, (source) => use(traceInput(source)));
}

/**
 * Throws TRACE_MALFORMED if it is no trace.
 * @param orElse what else could have been given, for the message.
 */
export function traceInput({ name, kind, bytes }: Source, orElse = ''): TraceInput {
  switch (kind.kind) {
    case 'trace':
      return { name, format: 'trace', items: placed(name, readTraceBytes(bytes)), imported: null };
    case 'ndjson':
      return { name, format: 'ndjson', items: placed(name, readNdjson(bytes)), imported: null };
    case 'text': {
      const imported = { lines: 0, recognised: 0 };
      return { name, format: 'text', items: recognisedText(name, bytes, { imported, orElse }), imported };
    }
    case 'capture':
      throw notATrace(name, `${kind.what}: relayscope inspect shows it`, orElse);
    case 'stranger':
      throw notATrace(name, kind.what, orElse);
  }
}

async function* recognisedText(
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  { imported, orElse }: { imported: ImportCounts; orElse: string },
): AsyncGenerator<TraceItem> {
  yield* importText(bytes, imported);
  if (imported.recognised > 0) return;
  throw new TraceError(
    'TRACE_MALFORMED',
    `${name}: expected a trace, or printed lines such as "a -> b #4 pos=69 cap=68 read_done=false"${orElse}, got ${imported.lines} lines of other text`,
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
    throw error instanceof TraceError ? unreadable(name, error) : error;
  }
}

/** What it would have been is not known yet. */
function unreadable(name: string, { code, place, cause }: TraceError): TraceError {
  const where = place.offset === undefined || place.offset === 0 ? '' : ` at offset ${place.offset}`;
  const why = printable(cause instanceof Error ? cause.message : String(cause));
  return new TraceError(code, `Cannot read ${name}${where}: ${why}`, { ...place, path: name }, { cause });
}

async function* standardInput(io: Io): AsyncGenerator<Uint8Array> {
  if (io.stdin === undefined) return;
  for await (const bytes of io.stdin) {
    if (io.signal.aborted) return;
    yield bytes;
  }
}

/** Reads as much as has to be seen, or until the end. */
async function sniffed(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let needed = neededBytes(new Uint8Array());
  while (length < needed) {
    const next = await iterator.next();
    if (next.done === true) break;
    // A copy: the source uses its memory again.
    pieces.push(Uint8Array.from(next.value));
    length += next.value.length;
    if (length >= needed) needed = neededBytes(Buffer.concat(pieces));
  }
  return Buffer.concat(pieces);
}

async function* withFirst(first: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

/** For a file that is something else. */
export function notATrace(name: string, got: string, orElse = ''): TraceError {
  return new TraceError(
    'TRACE_MALFORMED',
    `${name}: expected a trace (.trace, NDJSON, or printed lines)${orElse}, got ${got}`,
    { path: name },
  );
}
