import { open } from 'node:fs/promises';
import type { TraceItem } from '../trace-item.ts';
import { requireLittleEndian } from './byte-order.ts';
import { ChunkReader } from './chunk-reader.ts';
import { ItemReader } from './item-reader.ts';
import { NdjsonReader } from './ndjson-reader.ts';
import { readItems, type ByteSource } from './read-trace-bytes.ts';
import { FILE_MAGIC } from './trace-format.ts';
import { TraceError } from './trace-error.ts';

const READ_BYTES = 1 << 18;

/** Reads a trace as NDJSON, in bounded memory. Items and errors are those of `readTraceBytes`; errors have a line, too. */
export async function* readNdjson(source: ByteSource): AsyncGenerator<TraceItem, void, undefined> {
  requireLittleEndian();
  yield* readItems(source, new ItemReader(new NdjsonReader()));
}

export interface OpenTraceOptions {
  /** Ends the reading with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Reads a trace file of either form, told by its first byte.
 *
 * Throws, when the first item is asked for: TRACE_UNREADABLE, TRACE_MALFORMED, TRACE_UNSUPPORTED, each with path and offset.
 *
 *     for await (const item of openTrace('traces/off-by-one.trace')) if (item.kind === 'verdict') console.log(item.verdict);
 */
export async function* openTrace(
  path: string,
  { signal }: OpenTraceOptions = {},
): AsyncGenerator<TraceItem, void, undefined> {
  requireLittleEndian();
  let reader: ItemReader | null = null;
  try {
    for await (const bytes of fileBytes(path, signal)) {
      reader ??= new ItemReader(bytes[0] === FILE_MAGIC[0] ? new ChunkReader() : new NdjsonReader());
      yield* reader.push(bytes);
    }
    yield* (reader ?? new ItemReader(new ChunkReader())).end();
  } catch (error) {
    throw error instanceof TraceError ? inFile(path, error) : error;
  }
}

/** The bytes of a file, piece by piece, in memory that is used again. Throws TRACE_UNREADABLE. */
export async function* fileBytes(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = new Uint8Array(READ_BYTES);
  let offset = 0;
  const failed = (cause: unknown): TraceError => {
    const message = cause instanceof Error ? cause.message : String(cause);
    return new TraceError(
      'TRACE_UNREADABLE',
      `Cannot read the trace at offset ${offset}: ${message}`,
      { offset },
      { cause },
    );
  };
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw failed(cause);
  });
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, READ_BYTES).catch((cause: unknown) => {
        throw failed(cause);
      });
      if (bytesRead === 0) return;
      offset += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

function inFile(path: string, error: TraceError): TraceError {
  return new TraceError(error.code, `${path}: ${error.message}`, { path, ...error.place }, { cause: error });
}
