import { readFileSync } from 'node:fs';
import type { StuckPlace } from './stuck-place.ts';

/**
 * The line of a test by its title, from the text of its file: vitest knows it only if it was asked to
 * (`includeTaskLocation`). Null where the title does not stand there once, as a template's does not.
 */
export function lineOfTest({ file, titles }: Pick<StuckPlace, 'file' | 'titles'>): number | null {
  const title = titles.at(-1);
  if (title === undefined) return null;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  const lines = text.split('\n');
  const quoted = [
    `'${title.replaceAll("'", String.raw`\'`)}'`,
    `"${title.replaceAll('"', String.raw`\"`)}"`,
    `\`${title}\``,
  ];
  const found = lines.flatMap((line, index) => (quoted.some((one) => line.includes(one)) ? [index + 1] : []));
  return found.length === 1 ? (found[0] ?? null) : null;
}
