import type { TraceItem } from '../trace-item.ts';
import { requireLittleEndian } from './byte-order.ts';
import { encodeItem } from './encode-item.ts';
import { encodeFileHeader } from './file-header.ts';

/** The bytes of a `.trace` with these items; `about` comes first, if there is one. Throws TRACE_UNWRITABLE: encodeItem. */
export async function* encodeTrace(
  items: Iterable<TraceItem> | AsyncIterable<TraceItem>,
): AsyncGenerator<Uint8Array, void, undefined> {
  requireLittleEndian();
  let hasHeader = false;
  for await (const item of items) {
    if (!hasHeader) yield encodeFileHeader((item.kind === 'about' ? item.about.startedAtMs : undefined) ?? 0);
    hasHeader = true;
    yield* encodeItem(item);
  }
  if (!hasHeader) yield encodeFileHeader(0);
}
