import { byteText } from '../byte-text.ts';
import { resolveDialect } from '../../copy/dialect.ts';
import type { Direction } from '../../poll/direction.ts';
import type { Reading, Report } from '../finding.ts';
import type { FindingClass } from '../finding-class.ts';
import type { CountClaim } from './count-claim.ts';

/**
 * What became of a count that cannot be: the loop goes round; the buffer was reset, and nobody saw; the copy offered the bytes
 * again; it refused the count; an assertion stopped it; the trace does not say.
 */
export type Fate = 'spinning' | 'masked' | 'again' | 'refused' | 'asserted' | 'unknown';

/** More than that is no header. */
const MAX_HEADER_BYTES = 40;

interface Place {
  readonly direction: Direction;
  /** Of the copy, if it is known. */
  readonly dialect: string | null;
}

export function overReportOf(claim: CountClaim, fate: Fate, { direction, dialect }: Place): Report {
  const { seq, loopSeq, pos, cap, offered, reported, stale } = claim;
  const numbers = Object.entries({
    offered,
    reported,
    more: excessOf(claim),
    pos,
    cap,
    earlier: stale > 0 ? stale : NaN,
  });
  const readings = readingsOf(claim, fate, dialect);
  return {
    class: classOf(claim, fate),
    direction,
    half: 'write',
    seq,
    events: [seq, loopSeq],
    numbers: Object.fromEntries(numbers.filter(([, value]) => !Number.isNaN(value))),
    meaning: `${whatOf(claim)}: ${thenOf(claim, fate)}`,
    ...(readings.length === 0 ? {} : { confidence: 'likely', readings }),
  };
}

/** Of a count that moves the copy on by less than was taken, whatever that was. */
export function lessReport(
  claim: Pick<CountClaim, 'seq' | 'offered' | 'pos' | 'cap' | 'said'>,
  direction: Direction,
): Report {
  const { seq, offered, pos, cap, said } = claim;
  const meaning = `A write was offered ${byteText(offered)} and returned ${said}, which is no count: a copy that adds it is then before the end of what was taken, and sends bytes again, or fails`;
  return { class: 'under-report', direction, half: 'write', seq, numbers: { offered, pos, cap }, meaning };
}

function classOf({ stale }: CountClaim, fate: Fate): FindingClass {
  if (fate === 'again') return 'under-report';
  if (stale > 0) return 'retry-shrunk';
  return fate === 'masked' ? 'over-report-masked' : 'over-report-spin';
}

function whatOf({ offered, reported, said, stale, isRetry, pos, cap }: CountClaim): string {
  const was = Number.isNaN(offered) ? 'A write' : `A write was offered ${byteText(offered)} and`;
  if (Number.isNaN(pos)) return `${was} returned ${said}, which is no count`;
  const excess = excessOf({ offered, reported, pos, cap });
  const more = `${excess === 1 ? 'one' : excess} more than the slice${excess <= MAX_HEADER_BYTES ? ' (a header counted in?)' : ''}`;
  if (Number.isNaN(reported)) return `A write reported ${more}`;
  if (stale === 0) return `${was} reported ${reported}, ${more}`;
  return `${was} reported ${reported}, the length of the slice before it${isRetry ? ', which was Pending' : ''}`;
}

/** Beyond the slice; pos may have passed cap by more, where it had before. */
function excessOf({ offered, reported, pos, cap }: Pick<CountClaim, 'offered' | 'reported' | 'pos' | 'cap'>): number {
  return Number.isNaN(reported - offered) ? pos - cap : reported - offered;
}

function thenOf({ pos, cap }: CountClaim, fate: Fate): string {
  const isNone = Number.isNaN(pos);
  const place = isNone ? 'pos is no number any more' : `pos ${pos} has passed cap ${cap}`;
  switch (fate) {
    case 'spinning':
    case 'unknown':
      return `${place}, and a loop that waits for pos == cap never ends`;
    case 'masked':
      return isNone
        ? 'the buffer was reset, so that the copy went on, and its total is no number'
        : `${place}, which was forgotten when the buffer was reset, and the total is ${pos - cap} too large`;
    case 'again':
      return 'the copy offered bytes again that it may have taken';
    case 'refused':
      return 'the copy refused that and failed; one that believes it goes round for ever';
    case 'asserted':
      return `${place}, and an assertion stopped the copy: without it the loop never ends, or the total is wrong`;
  }
}

function readingsOf({ stale, isRetry, offered }: CountClaim, fate: Fate, dialect: string | null): Reading[] {
  const readings: Reading[] = [];
  if (stale > 0 && !isRetry && stale - offered <= MAX_HEADER_BYTES) {
    const name = fate === 'masked' ? 'over-report-masked' : 'over-report-spin';
    readings.push({ class: name, why: `${stale - offered} may be a header, and the slice before longer by chance` });
  }
  if (Number.isNaN(offered))
    readings.push({
      class: 'read-cursor-regression',
      why: 'no line shows the write: a reader may have made cap smaller',
    });
  if (fate === 'unknown' && forgets(dialect) !== false)
    readings.push({
      class: 'over-report-masked',
      why: 'the trace ends there: since tokio 1.39 the next reset forgets it',
    });
  return readings;
}

/** Whether the copy resets its buffer after the writes, whatever they claimed; null: nobody knows. */
function forgets(dialect: string | null): boolean | null {
  try {
    return dialect === null ? null : resolveDialect(dialect).resetsAfterWrite;
  } catch {
    // A trace may name what this version does not know.
    return null;
  }
}
