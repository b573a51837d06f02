import type { ScenarioRun } from './runs-of.ts';

/** The command that makes exactly this run again. */
export function repeatCommand(file: string, { dialect, swapped, chunkBytes }: ScenarioRun): string {
  const words = ['relayscope run', quoted(file), '--dialect', dialect, swapped ? '--swapped' : '--not-swapped'];
  words.push('--chunk', chunkBytes === null ? 'own' : String(chunkBytes));
  return words.join(' ');
}

/** For a POSIX shell. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

/** `tokio-1.24.1, swapped, chunk 7` */
export function runText({ dialect, swapped, chunkBytes }: ScenarioRun): string {
  return `${dialect}${swapped ? ', swapped' : ''}${chunkBytes === null ? '' : `, chunk ${chunkBytes}`}`;
}
