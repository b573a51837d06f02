import type { BidirectionalCopy } from '../../src/copy/bidirectional-copy.ts';
import type { CopyCounts, CopyError } from '../../src/copy/copy-error.ts';
import type { Direction } from '../../src/poll/direction.ts';
import type { RunOutcomeName } from '../scenario/scenario.ts';
import type { BrokenLaws } from './broken-laws.ts';
import type { Ledger } from './ledger.ts';
import type { BrokenLaw, RunResult, WaitingHalf } from './run-result.ts';

const NONE: readonly WaitingHalf[] = [];

/** The result of a world's latest run; one object, whose lists and bytes are put together when somebody reads them. */
export class RunState implements RunResult {
  outcome: RunOutcomeName = 'unfinished';
  direction: Direction | null = null;
  error: CopyError | null = null;
  polls = 0;
  steps = 0;
  elapsedMs = 0;
  waits: readonly WaitingHalf[] = NONE;
  copy: BidirectionalCopy | null = null;
  readonly #aToB: Ledger;
  readonly #bToA: Ledger;
  readonly #laws: BrokenLaws;

  constructor(aToB: Ledger, bToA: Ledger, laws: BrokenLaws) {
    this.#aToB = aToB;
    this.#bToA = bToA;
    this.#laws = laws;
  }

  reset(copy: BidirectionalCopy): void {
    this.outcome = 'unfinished';
    this.direction = null;
    this.error = null;
    this.polls = 0;
    this.steps = 0;
    this.elapsedMs = 0;
    this.waits = NONE;
    this.copy = copy;
  }

  get counts(): CopyCounts {
    return this.copy?.counts ?? { aToB: 0, bToA: 0 };
  }

  get delivered(): RunResult['delivered'] {
    return { aToB: this.#aToB.delivered(), bToA: this.#bToA.delivered() };
  }

  get broken(): readonly BrokenLaw[] {
    return this.#laws.list;
  }
}
