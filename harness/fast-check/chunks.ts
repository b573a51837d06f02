import * as fc from 'fast-check';
import { checkOptionNames, type OptionNames } from '../check-option-names.ts';
import { printed } from './printed.ts';

export interface ChunksOptions {
  /** Default: 0. */
  readonly minChunks?: number;
  /** Default: 6. */
  readonly maxChunks?: number;
  /** Of one chunk. Default: 1; 0 allows empty ones. */
  readonly minBytes?: number;
  /** Of one chunk. Default: 64. */
  readonly maxBytes?: number;
}

export interface CutsOptions {
  /** How many pieces at most. Default: 8. */
  readonly maxPieces?: number;
}

const MAX_CHUNKS = 6;
const MAX_CHUNK_BYTES = 64;
const MAX_PIECES = 8;

const CHUNKS_OPTIONS: OptionNames<ChunksOptions> = { minChunks: true, maxChunks: true, minBytes: true, maxBytes: true };

/** Bytes as they come off a wire, chunk by chunk. Smaller: fewer chunks, fewer bytes, bytes of 0. */
export function chunks(options: ChunksOptions = {}): fc.Arbitrary<Uint8Array[]> {
  checkOptionNames('PROPERTY_OPTION_INVALID', 'chunks', options, CHUNKS_OPTIONS);
  const { minChunks = 0, maxChunks = MAX_CHUNKS, minBytes = 1, maxBytes = MAX_CHUNK_BYTES } = options;
  const chunk = fc.uint8Array({ minLength: minBytes, maxLength: maxBytes });
  return fc.array(chunk, { minLength: minChunks, maxLength: maxChunks }).map((all) => printed(all));
}

/**
 * A payload, whole, in pieces: the ways to cut it. Each piece is a copy, and none is empty, unless the payload is. Smaller: fewer
 * cuts, nearer to the beginning; the smallest is the payload in one piece.
 *
 * @example
 * fc.assert(fc.property(cuts('GET / HTTP/1.1\r\n\r\n'), (pieces) => parses(pieces)));
 */
export function cuts(payload: Uint8Array | string, options: CutsOptions = {}): fc.Arbitrary<Uint8Array[]> {
  checkOptionNames('PROPERTY_OPTION_INVALID', 'cuts', options, { maxPieces: true });
  const { maxPieces = MAX_PIECES } = options;
  const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  const whole = [0, bytes.length];
  const most = Math.min(maxPieces, bytes.length) - 1;
  const places =
    most < 1
      ? fc.constant([])
      : fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { minLength: 0, maxLength: most });
  return places.map((cut) => {
    const ends = [...whole, ...cut].sort((x, y) => x - y);
    return printed(ends.slice(1).map((end, index) => bytes.slice(ends[index], end)));
  });
}
