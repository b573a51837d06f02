import { shellWord } from '../report/shell-word.ts';
import type { CampaignSettings } from './campaign-settings.ts';

/** The command that makes one run of a campaign again, by its number. */
export function repeatRun({ seed, dialect, faults, diagnosed }: CampaignSettings, run: number): string {
  const named = faults.length === 0 ? 'none' : faults.join(',');
  const words = ['relayscope explore', `--seed ${seed}`, `--from ${run} --runs 1`, `--dialect ${dialect}`];
  return [...words, `--faults ${shellWord(named)}`, ...(diagnosed === true ? ['--diagnose'] : [])].join(' ');
}
