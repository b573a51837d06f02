/** What is longer is no misspelled name. */
const MAX_NAME_CHARS = 60;

/** The name that a misspelled one most likely means: few changes away, or one that contains it. Null if there is none. */
export function nearestName(text: string, names: Iterable<string>): string | null {
  if (text.length < 2 || text.length > MAX_NAME_CHARS) return null;
  const typed = text.toLowerCase();
  let nearest: string | null = null;
  let least = Math.ceil(typed.length / 3) + 1;
  for (const name of names) {
    // What it contains is nearer than what another word would have to be changed into.
    const known = name.toLowerCase();
    const changes = known.includes(typed) ? 1 : changesBetween(typed, known);
    if (changes >= least) continue;
    least = changes;
    nearest = name;
  }
  return nearest;
}

/** Letters to add, take out or replace, two that changed places being one: the edit distance, row by row. */
function changesBetween(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const isSame = from[i - 1] === to[j - 1];
      let least = Math.min(at(row, j) + 1, at(next, j - 1) + 1, at(row, j - 1) + (isSame ? 0 : 1));
      const isSwapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (isSwapped) least = Math.min(least, at(before, j - 2) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return at(row, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
