import { shellWord } from '../report/shell-word.ts';
import type { ScenarioRun } from './runs-of.ts';

/** The command that makes exactly this run again. */
export function repeatCommand(file: string, { dialect, swapped, chunkBytes }: ScenarioRun): string {
  const words = ['relayscope run', shellWord(file), '--dialect', dialect, swapped ? '--swapped' : '--not-swapped'];
  words.push('--chunk', chunkBytes === null ? 'own' : String(chunkBytes));
  return words.join(' ');
}

/** `tokio-1.24.1, swapped, chunk 7` */
export function runText({ dialect, swapped, chunkBytes }: ScenarioRun): string {
  return `${dialect}${swapped ? ', swapped' : ''}${chunkBytes === null ? '' : `, chunk ${chunkBytes}`}`;
}
