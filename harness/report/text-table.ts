import { cutTo } from './page.ts';
import { printable } from '../../src/printable.ts';

/** A cell of a table, as a database has it. */
export type Cell = string | number | bigint | null | Uint8Array;

/** A longer cell is cut. */
const MAX_CELL_CHARS = 200;
const BETWEEN = '  ';
const MIN_COLUMN_CHARS = 4;

/** Rows aligned under their headings: numbers to the right, texts to the left, the widest columns narrowed to fit. */
export function textTable(
  names: readonly string[],
  rows: readonly (readonly Cell[])[],
  columns: number | null,
): string[] {
  const cells = [names.map((name) => printable(name, MAX_CELL_CHARS)), ...rows.map((row) => row.map(cellText))];
  const isNumber = names.map((_, at) =>
    rows.every((row) => typeof row[at] !== 'string' && !(row[at] instanceof Uint8Array)),
  );
  const widths = names.map((_, at) => cells.reduce((most, row) => Math.max(most, row[at]?.length ?? 0), 0));
  if (columns !== null) narrow(widths, columns);
  return cells.map((row) =>
    row
      .map((cell, at) => {
        const width = widths[at] ?? 0;
        const fitting = cutTo(cell, width);
        return isNumber[at] === true ? fitting.padStart(width) : fitting.padEnd(width);
      })
      .join(BETWEEN)
      .trimEnd(),
  );
}

/** Takes from the widest column as long as they are too wide together. */
function narrow(widths: number[], columns: number): void {
  const between = BETWEEN.length * Math.max(0, widths.length - 1);
  for (;;) {
    const excess = widths.reduce((sum, width) => sum + width, between) - columns;
    const widest = Math.max(...widths);
    if (excess <= 0 || widest <= MIN_COLUMN_CHARS) return;
    const next = Math.max(MIN_COLUMN_CHARS, ...widths.filter((width) => width < widest));
    const at = widths.indexOf(widest);
    widths[at] = Math.max(next === widest ? MIN_COLUMN_CHARS : next, widest - excess, MIN_COLUMN_CHARS);
    if (widths[at] === widest) widths[at] = widest - 1;
  }
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (cell instanceof Uint8Array) return `${cell.length} bytes`;
  return printable(String(cell), MAX_CELL_CHARS);
}
