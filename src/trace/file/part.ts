import type { Chunk } from './chunk.ts';
import type { FileHeader } from './file-header.ts';

/** What a file is made of, whichever form it has. */
export type Part =
  /** Comes first, once. `bytes`: the header as it stands in a `.trace`. */
  | { readonly kind: 'header'; readonly header: FileHeader; readonly bytes: Uint8Array }
  | { readonly kind: 'chunk'; readonly chunk: Chunk }
  /** Something could not be read; reading goes on after it. */
  | { readonly kind: 'damage'; readonly offset: number; readonly message: string };

/**
 * Takes a file apart as its bytes come, however they are cut. What a `push` gives back must be gone through to its end
 * before the next; the bytes of a part are used again after the next part has been asked for.
 */
export interface PartReader {
  push(bytes: Uint8Array): Iterable<Part>;
  /** There is no more. Throws TRACE_MALFORMED if there was not even a header. */
  end(): Iterable<Part>;
}
