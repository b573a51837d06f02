import { BidirectionalCopy, type BidirectionalCopyOptions } from '../../../src/copy/bidirectional-copy.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import type { EngineName } from './engine-names.ts';
import { ForgetfulCopy } from './forgetful-copy.ts';
import { OneWayPumps } from './one-way-pumps.ts';

/** What a copy is made of. */
export interface CopyParts {
  readonly a: PollStream;
  readonly b: PollStream;
  readonly wake: () => void;
  readonly options: BidirectionalCopyOptions;
}

/** A copy of our engine, or of one that is wrong. */
export function makeCopy({ a, b, wake, options }: CopyParts, engine?: EngineName): BidirectionalCopy {
  switch (engine) {
    case undefined:
      return new BidirectionalCopy(a, b, wake, options);
    case 'raced-pumps':
      return new OneWayPumps('raced', a, b, wake, options);
    case 'joined-pumps':
      return new OneWayPumps('joined', a, b, wake, options);
    case 'forgets-its-place':
      return new ForgetfulCopy('place', { a, b }, wake, options);
    case 'forgets-its-slice':
      return new ForgetfulCopy('slice', { a, b }, wake, options);
    case 'forgets-the-end':
      return new ForgetfulCopy('end', { a, b }, wake, options);
    case 'forgets-it-is-done':
      return new ForgetfulCopy('done', { a, b }, wake, options);
  }
}
