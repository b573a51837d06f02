import type { TraceEvent } from '../../src/trace/trace-event.ts';
import type { DiffPair, Side, SideContext } from './diff-pair.ts';
import type { TraceDiff } from './diff-traces.ts';
import { eventText } from './event-text.ts';
import { counted, thousands } from './format-number.ts';
import { cutTo, type Page } from './page.ts';

/** Narrower than that, the two sides stand one below the other. */
const MIN_COLUMNS_SIDE_BY_SIDE = 110;
/** Without a terminal nothing is cut, and the left side is as wide as it is. */
const SEQ_CHARS = 9;
const SHOWN_PAIRS = 8;

/** Shows where two traces part. */
export class DiffScreen {
  readonly #page: Page;
  readonly #names: Readonly<Record<Side, string>>;

  constructor(page: Page, names: Readonly<Record<Side, string>>) {
    this.#page = page;
    this.#names = names;
  }

  show(diff: TraceDiff): void {
    this.#page.row('GOOD', this.#names.good);
    this.#page.row('BAD', this.#names.bad);
    this.#page.line();
    const first = firstParted(diff);
    if (first !== null) this.#parted(first, diff.pairs.length > 1);
    this.#others(diff, first);
    if (diff.same) this.#same(diff);
  }

  #same({ pairs }: TraceDiff): void {
    const steps = pairs.reduce((sum, pair) => sum + pair.steps, 0);
    const where = pairs.length > 1 ? ` in ${counted(pairs.length, 'connection')}` : '';
    this.#page.line(this.#page.paint('green', `The same: ${counted(steps, 'step')}${where}.`));
    const counts = pairs.find((pair) => pair.counts !== null)?.counts;
    if (counts === null || counts === undefined) return;
    this.#page.line(
      `Only how often they repeat differs, first at step ${thousands(counts.step)}: × ${thousands(counts.good)} and × ${thousands(counts.bad)}.`,
    );
  }

  #parted(pair: DiffPair, showConnection: boolean): void {
    const { good, bad } = pair.connections;
    const where = showConnection ? ` Connection ${good === bad ? good : `${good} of GOOD, ${bad} of BAD`}.` : '';
    const same = pair.steps === 0 ? 'They part at the first step' : `The same for ${counted(pair.steps, 'step')}, then`;
    this.#page.line(this.#page.paint('bold', `${same}${saidOf(pair)}.${where}`));
    this.#page.line();
    const [left, right] = [pair.context('good'), pair.context('bad')];
    const { columns } = this.#page;
    if (columns === null || columns >= MIN_COLUMNS_SIDE_BY_SIDE) this.#sideBySide(left, right, columns);
    else {
      this.#below('GOOD', left);
      this.#below('BAD', right);
    }
  }

  #sideBySide(left: SideContext, right: SideContext, columns: number | null): void {
    const rows = [...paddedRows(left.before, right.before, true), null, ...paddedRows(left.after, right.after, false)];
    const cells = rows.map((row) => (row === null ? null : ([cell(row[0]), cell(row[1])] as const)));
    const natural = Math.max(0, ...cells.map((row) => row?.[0].length ?? 0));
    const width = columns === null ? natural : Math.min(natural, Math.floor((columns - 6) / 2));
    this.#page.line(
      this.#page.paint(
        'dim',
        `  ${'GOOD'.padStart(SEQ_CHARS)}${' '.repeat(Math.max(0, width - SEQ_CHARS))}  ${'BAD'.padStart(SEQ_CHARS)}`,
      ),
    );
    let isParting = false;
    for (const row of cells) {
      if (row === null) {
        isParting = true;
        continue;
      }
      const [good, bad] = [
        cutTo(row[0], width).padEnd(width),
        cutTo(row[1], columns === null ? Infinity : columns - width - 4),
      ];
      this.#page.line(
        isParting ? `> ${this.#page.paint('green', good)}  ${this.#page.paint('red', bad)}` : `  ${good}  ${bad}`,
      );
      isParting = false;
    }
  }

  #below(title: string, { before, after }: SideContext): void {
    this.#page.line(this.#page.paint('dim', `  ${title}`));
    for (const event of before) this.#page.line(`  ${cell(event)}`);
    for (const [index, event] of after.entries()) {
      this.#page.line(
        index === 0 ? `> ${this.#page.paint(title === 'GOOD' ? 'green' : 'red', cell(event))}` : `  ${cell(event)}`,
      );
    }
    if (after.length === 0) this.#page.line(`> ${this.#page.paint('yellow', cell(undefined))}`);
    this.#page.line();
  }

  #others({ pairs, unpaired }: TraceDiff, first: DiffPair | null): void {
    const others = pairs.filter((pair) => pair !== first && pair.outcome !== 'same');
    if (others.length > 0) this.#page.line();
    for (const pair of others.slice(0, SHOWN_PAIRS)) {
      const { good, bad } = pair.connections;
      this.#page.line(`Connection ${good}:${bad}: the same for ${counted(pair.steps, 'step')}, then${saidOf(pair)}.`);
    }
    if (others.length > SHOWN_PAIRS)
      this.#page.line(`… and ${thousands(others.length - SHOWN_PAIRS)} more connections part.`);
    for (const side of ['good', 'bad'] as const) {
      const count = unpaired[side].length;
      if (count === 0) continue;
      const list = unpaired[side].slice(0, SHOWN_PAIRS).join(', ');
      this.#page.line(
        `Only ${side === 'good' ? 'GOOD' : 'BAD'} has ${count === 1 ? 'connection' : 'connections'} ${list}${count > SHOWN_PAIRS ? ', …' : ''}.`,
      );
    }
  }
}

/** The parted connection whose parting comes first in GOOD. */
export function firstParted({ pairs }: TraceDiff): DiffPair | null {
  let first: DiffPair | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const pair of pairs) {
    if (pair.outcome === 'same') continue;
    const { before, after } = pair.context('good');
    const seq = after[0]?.seq ?? before.at(-1)?.seq ?? 0;
    if (seq >= least) continue;
    first = pair;
    least = seq;
  }
  return first;
}

function saidOf(pair: DiffPair): string {
  const { outcome } = pair;
  switch (outcome) {
    case 'same':
      return ' nothing differs';
    case 'parted':
      return pair.steps === 0 ? '' : ' they part';
    case 'ended':
      return `${pair.steps === 0 ? ', where' : ''} ${pair.context('good').after.length === 0 ? 'GOOD' : 'BAD'} ends and the other goes on`;
    case 'gap':
      return `${pair.steps === 0 ? ', where' : ''} records are missing: what comes after cannot be compared`;
  }
}

/** Two lists as rows, aligned at their ends (what came before) or at their beginnings (what comes after). */
function paddedRows(
  left: readonly TraceEvent[],
  right: readonly TraceEvent[],
  atEnd: boolean,
): (readonly [TraceEvent | undefined, TraceEvent | undefined])[] {
  const length = Math.max(left.length, right.length, atEnd ? 0 : 1);
  return Array.from({ length }, (_, row) => {
    const pick = (events: readonly TraceEvent[]): TraceEvent | undefined =>
      events[atEnd ? row - (length - events.length) : row];
    return [pick(left), pick(right)] as const;
  });
}

function cell(event: TraceEvent | undefined): string {
  return event === undefined
    ? `${'–'.padStart(SEQ_CHARS)}  (ended)`
    : `${String(event.seq).padStart(SEQ_CHARS)}  ${eventText(event)}`;
}
