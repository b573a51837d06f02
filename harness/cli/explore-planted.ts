import { PLANTED_DEFECTS } from '../explore/planted/planted-defects.ts';
import { searchPlanted, type PlantedResult } from '../explore/planted/search-planted.ts';
import { Page } from '../report/page.ts';
import { textTable } from '../report/text-table.ts';
import { EXIT_FAILED, EXIT_OK, type Io } from './command.ts';
import type { ExploreCommandOptions } from './explore-options.ts';
import { UsageError } from './usage-error.ts';

/** `relayscope explore --planted`: plants each defect in the engine, and says what found it, and after how many runs. */
export async function explorePlanted(options: ExploreCommandOptions, io: Io): Promise<number> {
  if (!import.meta.url.endsWith('.ts')) {
    throw new UsageError('No sources to plant defects in: expected --planted in a checkout of relayscope');
  }
  const { seed } = options.settings;
  const search = { seed, runs: options.runs, signal: io.signal };
  const results = await searchPlanted(PLANTED_DEFECTS, search, (done) => {
    if (io.stderr.isTTY) io.stderr.write(`\r\u{1b}[K${done} of ${PLANTED_DEFECTS.length} defects`);
  });
  if (io.stderr.isTTY) io.stderr.write('\r\u{1b}[K');
  const found = results.filter((result) => result.found !== null).length;
  if (options.json) io.stdout.write(`${JSON.stringify(objectOf(results, options))}\n`);
  else {
    const page = new Page(io);
    for (const line of tableOf(results, page.columns)) page.line(line);
    page.line();
    page.line(`${found} of ${PLANTED_DEFECTS.length} defects found, seed ${seed}, at most ${options.runs} runs each`);
    page.flush();
  }
  return found === PLANTED_DEFECTS.length ? EXIT_OK : EXIT_FAILED;
}

function tableOf(results: readonly PlantedResult[], columns: number | null): string[] {
  const rows = results.map(({ defect: { name, summary }, found }) => [
    name,
    found === null ? 'not found' : [found.what, found.direction].filter((part) => part !== null).join(', '),
    found === null ? null : found.run + 1,
    summary,
  ]);
  return textTable(['defect', 'found by', 'runs', 'what was done to the engine'], rows, columns);
}

function objectOf(results: readonly PlantedResult[], { settings, runs }: ExploreCommandOptions): object {
  return {
    schema: 1,
    seed: settings.seed,
    runs,
    defects: results.map(({ defect: { name, summary, file }, found }) => ({
      name,
      summary,
      file,
      foundBy: found?.what ?? null,
      direction: found?.direction ?? null,
      runs: found === null ? null : found.run + 1,
      message: found?.message ?? null,
    })),
  };
}
