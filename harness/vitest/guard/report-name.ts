import { relative } from 'node:path';
import type { StuckPlace } from './stuck-place.ts';

const MAX_NAME_CHARS = 60;

/** What the files that a test leaves are called, without an ending. The same test leaves the same, so that a folder does not fill. */
export function reportName(
  kind: 'stuck' | 'waiting',
  { file, titles, root }: Pick<StuckPlace, 'file' | 'titles' | 'root'>,
): string {
  const text = [relative(root, file), ...titles].join(' ');
  const words = text.replaceAll(/[^\w.-]+/g, '-');
  // What a name cannot hold, another title may differ in.
  const isWhole = words.length <= MAX_NAME_CHARS && /^[\w.\-/\\ ]*$/.test(text);
  return `${kind}-${isWhole ? words : `${words.slice(0, MAX_NAME_CHARS)}-${hashOf(text)}`}`;
}

function hashOf(text: string): string {
  let hash = 0;
  for (const char of text) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) | 0;
  return (hash >>> 0).toString(36);
}
