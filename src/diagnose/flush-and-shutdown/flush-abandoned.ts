import type { Report } from '../finding.ts';
import { NONE } from '../half-picture.ts';
import type { SeenEvent } from '../seen-event.ts';
import type { HeldAccount } from './held-account.ts';

/**
 * A write between two polls of a flush, after which the writer's own account is wrong: what it says that lies in it and what
 * has gone out are no longer what it has reported. @param gone more than 0: lost; less: sent, and still there.
 */
export function abandonedByWrite(account: HeldAccount, event: SeenEvent, gone: number): Report | null {
  if (Number.isNaN(gone) || gone === 0) return null;
  // Told by the call itself; the flush that follows has nothing to add.
  account.abandonedSeq = NONE;
  return reportOf(account, event.seq, event.seq, gone);
}

/** The flush after such a write is done, and bytes are missing, or too many. @param queue what the writer says lies in it. */
export function abandonedByFlush(account: HeldAccount, event: SeenEvent, queue: number): Report | null {
  const { abandonedSeq, write } = account;
  const isTold = queue !== -1;
  const gone = isTold ? account.vanished(queue, 0) : account.missing();
  if (abandonedSeq === NONE || Number.isNaN(gone) || gone === 0) return null;
  if (isTold) return reportOf(account, abandonedSeq, event.seq, gone);
  // A flush that has not asked beneath has lied, which is another thing.
  if (!account.wasWhole || write.innerCalls === 0) return null;
  const reading = gone > 0 ? 'partial-over-report' : 'under-report';
  const why = 'a write may have reported another count than it took: the writer does not say what lies in it';
  const report = reportOf(account, abandonedSeq, event.seq, gone);
  return { ...report, confidence: 'likely', readings: [{ class: reading, why }] };
}

function reportOf(account: HeldAccount, writeSeq: number, seq: number, gone: number): Report {
  const bytes = Math.abs(gone);
  const what = gone > 0 ? `${bytes} bytes that the flush was sending are lost` : `${bytes} bytes are sent twice`;
  return {
    class: 'flush-abandoned',
    direction: account.direction.direction,
    half: 'write',
    seq,
    events: [account.abandonedFlushSeq, account.flushPendingSeq, writeSeq],
    numbers: gone > 0 ? { lost: bytes } : { doubled: bytes },
    meaning: `A flush was Pending when the next write came, which the writer took; after it ${what}`,
  };
}
