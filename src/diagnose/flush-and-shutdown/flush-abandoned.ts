import type { Report } from '../finding.ts';
import { NONE } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';
import type { HeldAccount } from './held-account.ts';

/**
 * A write came between two polls of a flush, which is now done, and bytes are missing, or too many. Where the writer says what
 * lies in it, it was seen in which call they went: in that write, or in this flush. @param queue what it says now.
 */
export function abandonedFlush(account: HeldAccount, event: SeenEvent, queue: number): Report | null {
  const { abandonedSeq, write } = account;
  const gone = account.missing() - Math.max(queue, 0);
  if (abandonedSeq === NONE || Number.isNaN(gone) || gone === 0) return null;
  const seen = account.vanishedBytes !== 0 ? account.vanishedBytes : account.vanished(queue, 0);
  if (gone > 0 ? seen > 0 : seen < 0) {
    const seq = account.vanishedBytes !== 0 ? abandonedSeq : event.seq;
    return reportOf(account, seq, event.seq, seen);
  }
  // A flush that has not asked beneath has lied, which is another thing; and what was missing before was no matter of this one.
  const isOfFlush = gone > 0 ? account.abandonedBytes >= gone : write.innerBytes >= -gone;
  if (queue !== -1 || write.innerCalls === 0 || !isOfFlush) return null;
  // What was reported before a gap, and lay in the writer, goes out after it: that is not too much.
  if (gone < 0 && account.beginsAfterGap) return null;
  const reading = gone > 0 ? 'partial-over-report' : 'under-report';
  const why = 'a write may have reported another count than it took: the writer does not say what lies in it';
  const report = reportOf(account, event.seq, event.seq, gone);
  return { ...report, confidence: 'likely', readings: [{ class: reading, why }] };
}

function reportOf(account: HeldAccount, seq: number, flushSeq: number, gone: number): Report {
  const bytes = Math.abs(gone);
  const what = gone > 0 ? `${bytes} bytes that the flush was sending are lost` : `${bytes} bytes are sent twice`;
  return {
    class: 'flush-abandoned',
    direction: account.direction.direction,
    half: 'write',
    seq,
    events: [account.abandonedFlushSeq, account.abandonedSeq, flushSeq],
    numbers: gone > 0 ? { lost: bytes } : { doubled: bytes },
    meaning: `A flush was Pending when the next write came, which the writer took; after it ${what}`,
  };
}
