import { z } from 'zod';
import { pollFault } from '../fault-definition.ts';
import { bytes } from '../fault-parameters.ts';
import { HalfStream, type Transfer } from './half-stream.ts';
import type { ActiveFault } from '../active-fault.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';

/** No count that a copy sees is impossible, so that only the peer can tell that bytes are missing. */
export const partialOverReport = pollFault({
  name: 'partial-over-report',
  summary: 'a write takes less than it reports, and reports no more than it was offered',
  halves: ['write'],
  calls: 'writes of more than `by` bytes',
  class: 'partial-over-report',
  parameters: z.object({ by: bytes(1, 'reported beyond what was taken') }),
  wrap: (inner, fault, { by }) => new PartialOverReportStream(inner, fault, by),
});

class PartialOverReportStream extends HalfStream {
  readonly #by: number;

  constructor(inner: PollStream, fault: ActiveFault, by: number) {
    super(inner, fault);
    this.#by = by;
  }

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    const isLess = end - start > this.#by && this.fault.fires(end - start);
    const n = this.pass(cx, bytes, start, isLess ? end - this.#by : end, given);
    return n > 0 && isLess ? n + this.#by : n;
  }
}
