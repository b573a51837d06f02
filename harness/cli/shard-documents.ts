import { relative, resolve, sep } from 'node:path';
import { RelayscopeError } from '../../src/errors.ts';
import { shareOut, type Shard, type Weighed } from '../ci/shard.ts';
import { readDocument } from '../scenario/find-documents.ts';
import { runsOf, type RunFilter } from '../scenario/runs-of.ts';

/** As long as so many runs in memory takes one with real sockets: 0.15 s and 0.15 ms, roughly. */
const LIVE_RUN_WEIGHT = 1000;

export interface SharedDocuments {
  readonly files: string[];
  /** Whether any shard has anything to run. */
  readonly isEmpty: boolean;
}

/**
 * The documents of one shard, spread by how many runs they have. All are read, wherever they go, and one that cannot be read is in
 * one shard as well. It depends on what is in the files and on their paths from the working folder, on nothing of the machine.
 */
export async function shardDocuments(
  files: readonly string[],
  filter: RunFilter,
  shard: Shard,
): Promise<SharedDocuments> {
  const weighed: Weighed<string>[] = [];
  for (const file of files) {
    const key = relative('', resolve(file)).split(sep).join('/');
    weighed.push({ item: file, weight: await weightOf(file, filter), key });
  }
  return { files: shareOut(weighed, shard), isEmpty: weighed.every(({ weight }) => weight === 0) };
}

async function weightOf(file: string, filter: RunFilter): Promise<number> {
  try {
    const { scenario } = await readDocument(file);
    return runsOf(scenario, filter).length * (scenario.live === undefined ? 1 : LIVE_RUN_WEIGHT);
  } catch (error) {
    // Whoever has it in its shard tells it.
    if (error instanceof RelayscopeError) return 1;
    throw error;
  }
}
