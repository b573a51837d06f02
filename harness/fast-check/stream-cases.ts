import * as fc from 'fast-check';
import { boundedCase } from '../check/bounded-case.ts';
import { streamCaseArbitrary, type StreamCasesOptions } from '../check/stream-case-arbitrary.ts';
import type { StreamCase } from '../check/stream-case.ts';
import { printed } from './printed.ts';

/**
 * Cases for `checkStream`: how the side beneath a stream behaves, and what is done to both its ends. Smaller: fewer steps, fewer
 * bytes, an inner side that does nothing out of the ordinary.
 *
 * @example
 * const property = fc.asyncProperty(streamCases(), async (streamCase) => {
 *   expect((await checkStream(factory, { case: streamCase })).broken).toEqual([]);
 * });
 */
export function streamCases(options: StreamCasesOptions = {}): fc.Arbitrary<StreamCase> {
  return streamCaseArbitrary(fc, options).map((streamCase) => printed({ ...boundedCase(streamCase) }));
}

export type { StreamCasesOptions };
