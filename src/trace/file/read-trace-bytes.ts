import type { TraceItem } from '../trace-item.ts';
import { requireLittleEndian } from './byte-order.ts';
import { ChunkReader } from './chunk-reader.ts';
import { ItemReader } from './item-reader.ts';

export type ByteSource = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Reads a `.trace` out of its bytes, however they are cut, in bounded memory. A file that ends anywhere after its header,
 * or is damaged there, gives what can be read and a warning.
 *
 * Throws TRACE_MALFORMED for what is no trace, TRACE_UNSUPPORTED for one of a newer major version.
 */
export async function* readTraceBytes(source: ByteSource): AsyncGenerator<TraceItem, void, undefined> {
  requireLittleEndian();
  yield* readItems(source, new ItemReader(new ChunkReader()));
}

export async function* readItems(source: ByteSource, reader: ItemReader): AsyncGenerator<TraceItem, void, undefined> {
  for await (const bytes of source) yield* reader.push(bytes);
  yield* reader.end();
}
