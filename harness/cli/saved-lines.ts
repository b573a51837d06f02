import type { Written } from '../explore/write-whole.ts';
import type { SavedFinding } from './capsule-folder.ts';

/** Nothing is overwritten, or left as it was, without a word. */
const HOW: Readonly<Record<Written, string>> = {
  new: '',
  same: '',
  replaced: ' (replaces another of that name)',
  kept: ' (not written: another is there; --force replaces it)',
};

/** Where a finding is, and how to repeat it. */
export function savedLines(saved: SavedFinding | undefined): string[] {
  if (saved?.path === undefined || saved.path === null) return ['its capsule could not be written'];
  const { path, written, story } = saved;
  return [
    `relayscope run ${path}${HOW[written]}`,
    ...(story === null ? [] : [`relayscope run ${story.path}${HOW[story.written]}`]),
  ];
}
